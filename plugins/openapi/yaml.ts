import { stringify } from 'yaml'
import type { Document } from './openapi.ts'

/** Writes the document as YAML without anchors: most OpenAPI tools do not read them. */
export function writeYaml(document: Document): string {
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 100 })
}
