/** Identifies the account of a request from the Authorization header field. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '../../src/http/client-address.ts'
import { HttpError } from '../../src/http/http-error.ts'
import type { Principal } from './authenticate.ts'
import { challengesFor } from './challenge.ts'
import type { Credentials, CredentialsParser } from './credentials.ts'
import type { LimitedAuthenticate } from './failed-logins.ts'

interface Parts {
  authenticate: LimitedAuthenticate
  credentialsParser: CredentialsParser
  challenges: string[]
  /** Names of the accounts with a password. Other names are not logged, since they may be passwords. */
  names: ReadonlySet<string>
}

/**
 * Returns a function that sets `request.principal` and counts the request for the account. With remembered credentials,
 * the function is synchronous, unless Redis counts the requests.
 *
 * @throws {HttpError} 401 without valid credentials, 429 after too many failed logins or requests
 */
export function createIdentify(
  app: FastifyInstance,
  { authenticate, credentialsParser, challenges, names }: Parts,
) {
  function admit(
    request: FastifyRequest,
    reply: FastifyReply,
    credentials: string | undefined,
    principal: Principal | undefined,
  ): Promise<void> | undefined {
    const scopes = principal?.scopes.join(' ')
    request.explain?.('authentication', principal?.name ?? false, { credentials, scopes })
    if (!principal) {
      const fields = challengesFor(challenges, request.headers.authorization ?? '')
      throw new HttpError('UNAUTHENTICATED', undefined, { headers: { 'www-authenticate': fields } })
    }
    request.principal = principal
    return app.countRequest?.(reply, principal.name)
  }

  async function login(
    request: FastifyRequest,
    reply: FastifyReply,
    client: string,
    credentials: Credentials,
  ): Promise<void> {
    const { scheme } = credentials
    const account =
      'name' in credentials && names.has(credentials.name) ? credentials.name : undefined
    const principal = await authenticate(client, credentials).catch((error: unknown) => {
      if (error instanceof HttpError && error.statusCode === 429) {
        request.log.warn({ scheme, account }, 'failed-login limit reached')
      }
      throw error
    })
    if (!principal) request.log.warn({ scheme, account }, 'credentials refused')
    await admit(request, reply, scheme, principal)
  }

  return (request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined => {
    const field = request.headers.authorization ?? ''
    const client = networkOf(request.ip)
    const remembered = authenticate.recall(client, field)
    if (remembered) return admit(request, reply, field.split(' ', 1)[0], remembered)
    const credentials = credentialsParser.parse(request, reply)
    if (credentials) return login(request, reply, client, credentials)
    const scheme = field ? 'unreadable' : 'none'
    if (field) request.log.warn({ scheme }, 'credentials refused')
    return admit(request, reply, scheme, undefined)
  }
}
