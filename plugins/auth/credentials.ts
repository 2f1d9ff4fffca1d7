/** Parsing of the Authorization header field: Basic (RFC 7617) and Bearer (RFC 6750). */
import type { FastifyBasicAuthOptions } from '@fastify/basic-auth'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Scheme, schemeOf } from '../../src/http/authentication-schemes.ts'
import { prepareName, preparePassword } from './user-text.ts'

/** Credentials as sent, not verified. The name and the password are prepared (see user-text.ts). */
export type Credentials =
  | { scheme: 'Basic'; name: string; password: string }
  | { scheme: 'Bearer'; token: string }

/** Credentials of one of these schemes. */
export type CredentialsOf<Name extends Scheme> = Extract<Credentials, { scheme: Name }>

/** Returns undefined for malformed credentials. */
type Parse = (request: FastifyRequest, reply: FastifyReply) => Credentials | undefined

/**
 * Matches the scheme in any case, spaces, and padded base64 (RFC 4648 §4). @fastify/basic-auth would accept malformed
 * base64.
 */
const BASIC = /^basic +(?! )(?:[a-z\d+/]{4})*(?:[a-z\d+/]{2}==|[a-z\d+/]{3}=)? *$/i

/** Matches the scheme in any case, spaces, and a `b64token` (RFC 6750 §2.1). */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i

export type CredentialsParser = ReturnType<typeof createCredentialsParser>

/** @param schemes credentials of other schemes are not read */
export function createCredentialsParser(schemes: readonly Scheme[]) {
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
  const parsers: Record<Scheme, Parse> = {
    Basic(request, reply) {
      // `basicAuth` calls `validate` before it returns, or not at all.
      if (BASIC.test(fieldOf(request))) request.server.basicAuth(request, reply, () => {})
      const credentials = basic
      basic = undefined // so that the password does not stay in memory
      return credentials
    },
    Bearer(request) {
      const token = BEARER.exec(fieldOf(request))?.[1]
      return token ? { scheme: 'Bearer', token } : undefined
    },
  }
  return {
    /** Options for the registration of @fastify/basic-auth. */
    basicAuthOptions,
    /** Returns undefined if the request has no credentials, or malformed credentials. */
    parse(request: FastifyRequest, reply: FastifyReply): Credentials | undefined {
      const scheme = schemeOf(fieldOf(request))
      return scheme && schemes.includes(scheme) ? parsers[scheme](request, reply) : undefined
    },
  }
}

function fieldOf({ headers }: FastifyRequest): string {
  return headers.authorization ?? ''
}
