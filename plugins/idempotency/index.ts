import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { HttpError } from '../../src/http/http-error.ts'
import { parseIdempotencyKey } from '../../src/http/idempotency-key.ts'
import type { Session, StoreFactory } from '../../src/storage/database.ts'
import { createIdempotencyKeyStore } from './store.ts'

/**
 * Idempotency: a POST that can be sent again after its answer was lost
 * (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * A route that writes with `request.idempotent` promises that Idempotency-Key makes a request and its
 * repeats one; any other ignores the field. What is kept, in the transaction of the write, is the
 * result of the work and not the answer: the handler renders a repeat as it did the first, in
 * whatever syntax the repeat asks for. A request that fails leaves nothing, so it can be tried anew.
 *
 * The same key from someone else, or for another operation, is another key. Under one key another
 * request is 422, and a repeat of one that is still being answered is 409.
 */
export default fp(
  async (app) => {
    /** The keys that this process is at work on. Of other processes the storage knows. */
    const inFlight = new Set<string>()

    async function runOnce<Result>(request: Keyed, work: Work<Result>): Promise<Result> {
      const { key } = request
      if (inFlight.has(key)) throw conflict()
      inFlight.add(key)
      try {
        // what is kept is what the first answer is made from too: a repeat cannot differ
        return JSON.parse(await app.transact((access) => findOrRun(access, request, work)))
      } finally {
        inFlight.delete(key)
      }
    }

    app.decorateRequest('idempotent', function <
      Store,
      Result,
    >(this: FastifyRequest, create: StoreFactory<Store>, write: (store: Store) => Promise<Result>) {
      const field = this.headers['idempotency-key']
      if (field === undefined) return write(app.store(create))
      return runOnce(keyed(this, String(field)), (access) => write(create(access)))
    })
  },
  { name: 'idempotency', fastify: '5.x', dependencies: ['storage'] },
)

type Work<Result> = (access: Session) => Promise<Result>

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Writes to a store, and with Idempotency-Key only the first time: a repeat gets what the first
     * was given. To be called once in a handler, which renders the answer from that alone.
     *
     * @param write gives plain JSON data, and nothing secret: it is kept for a day. It must wait for
     * nothing but the store that it gets.
     * @throws {HttpError} 400 for a field that is no key, 409 for a key in flight, 422 for one that
     * was used for another request.
     */
    idempotent<Store, Result extends object>(
      create: StoreFactory<Store>,
      write: (store: Store) => Promise<Result>,
    ): Promise<Result>
  }
}

/** A request under a key. */
interface Keyed {
  request: FastifyRequest
  /** Who sent it, for which operation, under which key: JSON, in which no part runs into the next. */
  key: string
  fingerprint: string
}

/** @throws {HttpError} 400. */
function keyed(request: FastifyRequest, field: string): Keyed {
  const { principal, method, routeOptions } = request
  const operation = `${method} ${routeOptions.url}`
  const key = [principal?.name ?? '', operation, parseIdempotencyKey(field)]
  return { request, key: JSON.stringify(key), fingerprint: fingerprintOf(request) }
}

/** A digest of what makes two requests the same: the target and the content, as they were sent. */
function fingerprintOf({ method, originalUrl, headers, bytes }: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, originalUrl, headers['content-type'] ?? '']))
    .update(bytes ?? '')
    .digest('hex')
}

/**
 * Gives the kept result of a request, or runs its work and keeps what that gives, as JSON.
 *
 * PostgreSQL says at once that another process has the key. On SQLite this transaction began when
 * that process was done, and finds what it kept.
 */
async function findOrRun<Result>(
  access: Session,
  { request, key, fingerprint }: Keyed,
  work: Work<Result>,
): Promise<string> {
  const keys = createIdempotencyKeyStore(access)
  if (!(await keys.claim(key))) throw conflict()
  const found = await keys.find(key)
  if (found && found.fingerprint !== fingerprint) throw reused()
  request.explain?.('idempotency', found ? 'repeat' : 'first')
  if (found) return found.result
  const result = JSON.stringify(await work(access))
  await keys.keep(key, { fingerprint, result })
  return result
}

function conflict() {
  return new HttpError(
    'CONFLICT',
    'Idempotency-Key: a request with this key is being answered; try again when it is',
  )
}

function reused() {
  return new HttpError(
    'UNPROCESSABLE_CONTENT',
    'Idempotency-Key: this key was used for another request; a new one needs a key of its own',
  )
}
