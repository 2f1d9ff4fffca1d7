import { stringify } from 'yaml'
import type { Document } from './openapi.ts'

/** Writes the contract for people, with nothing left out by reference to what stands elsewhere. */
export function writeYaml(document: Document): string {
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 100 })
}
