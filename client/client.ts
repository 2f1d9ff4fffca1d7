import createClient from 'openapi-fetch'
import type { paths } from './openapi.d.ts'

/**
 * Creates a client whose calls the compiler checks against the OpenAPI document. A call returns `data`, or
 * the error document as `error`; both are typed.
 *
 * @param baseUrl without a slash at the end
 * @param authorization value of the header field Authorization, such as `Bearer …`
 */
export function createApi(baseUrl: string, authorization?: string) {
  const headers = { accept: 'application/json', ...(authorization && { authorization }) }
  return createClient<paths, 'application/json'>({ baseUrl, headers })
}
