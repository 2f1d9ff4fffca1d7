import { stringify } from 'yaml'
import type { Document } from './openapi.ts'

/** Writes the document as YAML without anchors, which most OpenAPI tools cannot read. */
export function writeYaml(document: Document): string {
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 100 })
}
