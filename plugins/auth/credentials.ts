/** Parsing of the Authorization header field: Basic (RFC 7617) and Bearer (RFC 6750). */
import type { FastifyBasicAuthOptions } from '@fastify/basic-auth'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { prepareName, preparePassword } from './user-text.ts'

/** Credentials as sent, not verified. The name and the password are prepared (see user-text.ts). */
export type Credentials =
  | { scheme: 'Basic'; name: string; password: string }
  | { scheme: 'Bearer'; token: string }

/**
 * Matches the scheme in any case, spaces, and padded base64 (RFC 4648 §4). @fastify/basic-auth would accept malformed
 * base64.
 */
const BASIC = /^basic +(?! )(?:[a-z\d+/]{4})*(?:[a-z\d+/]{2}==|[a-z\d+/]{3}=)? *$/i

/** Matches the scheme in any case, spaces, and a `b64token` (RFC 6750 §2.1). */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i

export type CredentialsParser = ReturnType<typeof createCredentialsParser>

export function createCredentialsParser() {
  let basic: Credentials | undefined
  const basicAuthOptions: FastifyBasicAuthOptions = {
    strictCredentials: false, // RFC 9110 §11.4 allows several spaces after the scheme
    // Stores the credentials, which are verified later.
    validate(givenName, givenPassword, _request, _reply, done) {
      const name = prepareName(givenName)
      const password = preparePassword(givenPassword)
      if (name !== undefined && password !== undefined) basic = { scheme: 'Basic', name, password }
      done()
    },
  }
  return {
    /** Options for the registration of @fastify/basic-auth. */
    basicAuthOptions,
    /** Returns undefined if the request has no credentials, or malformed credentials. */
    parse(request: FastifyRequest, reply: FastifyReply): Credentials | undefined {
      const field = request.headers.authorization ?? ''
      const token = BEARER.exec(field)?.[1]
      if (token) return { scheme: 'Bearer', token }
      // `basicAuth` calls `validate` before it returns, or not at all.
      if (BASIC.test(field)) request.server.basicAuth(request, reply, () => {})
      const credentials = basic
      basic = undefined // so that the password does not stay in memory
      return credentials
    },
  }
}
