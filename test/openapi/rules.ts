import { globSync } from 'node:fs'
import { join } from 'node:path'

/** A rule that the OpenAPI document breaks on purpose. */
export interface Exception {
  rule: string
  /** Matches the place of the finding in the document, written as member names with spaces between them. */
  location: RegExp
  reason: string
  /** If given, the exception is needed only if the document contains this text. */
  onlyIfPresent?: string
}

/** Exceptions of the resources. Each is in the folder of the resource's tests. */
const OF_RESOURCES: Exception[] = []
const TESTS = join(import.meta.dirname, '../routes')
for (const file of globSync('*/openapi-exceptions.ts', { cwd: TESTS })) {
  OF_RESOURCES.push(...(await import(join(TESTS, file))).EXCEPTIONS)
}

export const EXCEPTIONS: Exception[] = [
  ...OF_RESOURCES,
  {
    rule: 'owasp:api2:2023-no-http-basic',
    location: /^components securitySchemes basic /,
    reason: 'the tutorial uses Basic; Bearer is available too, and a proxy provides HTTPS',
    // The document omits the scheme if no route requires credentials.
    onlyIfPresent: 'scheme: basic',
  },
  {
    rule: 'owasp:api8:2023-define-cors-origin',
    location: /./,
    reason: 'CORS_ORIGIN applies to all responses; docs/http.md describes it once',
  },
  {
    rule: 'owasp:api9:2023-inventory-access',
    location: /^servers 0$/,
    reason: 'whether the server is internal depends on the deployment',
  },
]
