import type { Exception } from '../../openapi/rules.ts'

export const EXCEPTIONS: Exception[] = [
  {
    rule: 'owasp:api2:2023-write-restricted',
    location: /^paths \/echo /,
    reason: 'the echo changes nothing',
  },
  {
    rule: 'owasp:api4:2023-array-limit',
    location: /^components schemas Echo /,
    reason: 'the length limit of the header section also limits the number of its fields',
  },
  {
    rule: 'owasp:api4:2023-string-limit',
    location: /^paths \/echo \w+ requestBody /,
    reason: 'BODY_LIMIT limits the size of the body in bytes, not characters',
  },
  {
    rule: 'owasp:api4:2023-array-limit',
    location: /^paths \/echo \w+ requestBody /,
    reason: 'BODY_LIMIT also limits how often a form field can be repeated',
  },
]
