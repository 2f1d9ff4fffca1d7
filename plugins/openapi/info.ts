import packageJson from '../../package.json' with { type: 'json' }
import { HTTPS_SECURITY_FIELDS } from '../../src/http/security-fields.ts'

const DESCRIPTION = `${packageJson.description}.

- **Choose the media type.** \`Accept\` selects the media type of the response. Errors too are available as JSON, XML,
  text, HTML and problem details (RFC 9457).
- **Prevent lost updates.** A write requires \`If-Match\` with the \`ETag\` that was read.
- **Retry safely.** A POST with \`Idempotency-Key\` is executed once.
- **HEAD and OPTIONS.** Each path with GET has HEAD, and each path has OPTIONS. A method that a path lacks gets 405
  with \`Allow\`.

Every response also has ${Object.keys(HTTPS_SECURITY_FIELDS).join(', ')} (the last one over HTTPS only). Responses
to the origins in CORS_ORIGIN have Access-Control-Allow-Origin and Access-Control-Expose-Headers.`

export const INFO = {
  title: packageJson.name,
  version: packageJson.version,
  description: DESCRIPTION,
  license: { name: packageJson.license, identifier: packageJson.license },
}

export const SERVERS = [
  { url: '/', description: 'The server of this document: local, staging or production' },
]

/** Authentication schemes, by the names that operations refer to. */
export const SECURITY_SCHEMES = {
  basic: { type: 'http', scheme: 'basic', description: 'User name and password (RFC 7617)' },
  bearer: { type: 'http', scheme: 'bearer', description: 'Bearer token (RFC 6750)' },
} as const
