import type { DeclaredChange } from '../../openapi/declared-changes.ts'

export const DECLARED_CHANGES: DeclaredChange[] = [
  {
    change:
      /^(?:remove|replace) paths \/messages\/\{messageId\} get responses 20. content \*\/\* schema (?:type|format)$/,
    reason: 'the bytes are unchanged, but those of a JSON message are not a string to clients',
  },
  {
    change: /^replace paths \/messages get parameters mediaType schema pattern$/,
    reason: 'the new pattern of mediaType accepts every text that the old one accepted',
  },
]
