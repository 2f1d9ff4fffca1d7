import createClient from 'openapi-fetch'
import type { paths } from './contract.d.ts'

/**
 * Makes a client of the service: each call is checked against the contract by the compiler, and gives
 * `data` or, typed too, the document of an `error`.
 *
 * @param baseUrl where the service is, without a slash at the end.
 * @param authorization what stands in that field, such as `Bearer …`.
 */
export function createApi(baseUrl: string, authorization?: string) {
  const headers = { accept: 'application/json', ...(authorization && { authorization }) }
  return createClient<paths, 'application/json'>({ baseUrl, headers })
}
