import type { Exception } from '../../openapi/rules.ts'

export const EXCEPTIONS: Exception[] = [
  {
    rule: 'owasp:api4:2023-array-limit',
    location: /^paths \/messages post requestBody /,
    reason: 'the body limit also limits how often a form field can be repeated',
  },
  {
    rule: 'owasp:api4:2023-string-limit',
    location: /^paths \/messages post requestBody /,
    reason: 'BODY_LIMIT limits the size of a message in bytes, not characters',
  },
]
