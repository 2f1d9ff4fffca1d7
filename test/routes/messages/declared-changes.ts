import type { DeclaredChange } from '../../openapi/declared-changes.ts'

export const DECLARED_CHANGES: DeclaredChange[] = [
  {
    change: /^replace paths \/messages get parameters mediaType schema pattern$/,
    reason: 'the new pattern of mediaType accepts every text that the old one accepted',
  },
]
