import packageJson from '../../package.json' with { type: 'json' }
import { HTTPS_SECURITY_FIELDS } from '../../src/http/security-fields.ts'

const DESCRIPTION = `${packageJson.description}.

- **Ask for what you read.** \`Accept\` chooses between the media types of a reply; errors too come as JSON, XML,
  text, HTML or problem details (RFC 9457).
- **Name what you change.** A write needs \`If-Match\` with the \`ETag\` that was read, so that no change is lost.
- **Send it again.** A POST with \`Idempotency-Key\` is done once.
- **HEAD comes with each GET**, and OPTIONS with each path; a method that a path lacks is 405 with \`Allow\`.

Every reply also has ${Object.keys(HTTPS_SECURITY_FIELDS).join(', ')} (the last by HTTPS), and for pages of
the origins in CORS_ORIGIN Access-Control-Allow-Origin and Access-Control-Expose-Headers.`

/** What the contract is about. */
export const INFO = {
  title: packageJson.name,
  version: packageJson.version,
  description: DESCRIPTION,
  license: { name: packageJson.license, identifier: packageJson.license },
}

/** Wherever the contract was read from. */
export const SERVERS = [
  { url: '/', description: 'Where this was read: local, staging or production' },
]

/** How to authenticate, by the names that operations call it. */
export const SECURITY_SCHEMES = {
  basic: { type: 'http', scheme: 'basic', description: 'A name and a password (RFC 7617)' },
  bearer: { type: 'http', scheme: 'bearer', description: 'A token (RFC 6750)' },
} as const
