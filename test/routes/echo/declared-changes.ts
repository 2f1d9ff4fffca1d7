import type { DeclaredChange } from '../../openapi/declared-changes.ts'

export const DECLARED_CHANGES: DeclaredChange[] = [
  {
    change: /^add paths \/echo \w+ requestBody content \S+ schema type$/,
    reason: 'the type says what the parser of this media type returns for every body',
  },
]
