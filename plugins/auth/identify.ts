/** Identifies the account of a request from the Authorization header field. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '../../src/http/client-address.ts'
import { HttpError } from '../../src/http/http-error.ts'
import type { Principal } from './authenticate.ts'
import { challengesFor } from './challenge.ts'
import { parseCredentials } from './credentials.ts'
import type { LimitedAuthenticate } from './failed-logins.ts'

interface Parts {
  authenticate: LimitedAuthenticate
  challenges: string[]
}

/**
 * Returns a function that sets `request.principal` and counts the request for the account. With remembered credentials,
 * the function is synchronous, unless Redis counts the requests.
 *
 * @throws {HttpError} 401 without valid credentials, 429 after too many failed logins or requests
 */
export function createIdentify(app: FastifyInstance, { authenticate, challenges }: Parts) {
  function admit(
    request: FastifyRequest,
    reply: FastifyReply,
    credentials?: string,
    principal?: Principal,
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

  return (request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined => {
    const field = request.headers.authorization ?? ''
    const client = networkOf(request.ip)
    const remembered = authenticate.recall(client, field)
    if (remembered) return admit(request, reply, field.split(' ', 1)[0], remembered)
    const credentials = parseCredentials(field)
    if (!credentials) return admit(request, reply, field ? 'unreadable' : 'none')
    return authenticate(client, credentials).then((principal) =>
      admit(request, reply, credentials.scheme, principal),
    )
  }
}
