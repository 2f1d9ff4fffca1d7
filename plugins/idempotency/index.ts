/**
 * Idempotency-Key: lets a client repeat a POST if the response was lost
 * (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * A route that writes with `request.idempotent` supports the header field; other routes ignore it. The result is stored
 * in the transaction of the write. The handler renders the response to a repeat from the stored result, in the media
 * type that the repeat asks for. A failed request stores nothing and can be repeated.
 *
 * Keys are separate for each account and operation. A different request with a used key gets 422; a repeat while
 * the first request is in progress gets 409 with Retry-After.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { HttpError } from '../../src/http/http-error.ts'
import { parseIdempotencyKey } from '../../src/http/idempotency-key.ts'
import { addProblemResponses } from '../../src/schemas/responses.ts'
import type { Session, StoreFactory } from '../../src/storage/database.ts'
import { fingerprintOf } from './fingerprint.ts'
import { createIdempotencyKeyStore } from './store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Writes to a store. With Idempotency-Key, a repeat writes nothing and gets the result of the first request. A
     * handler may call this only once, and must render the response from the result, without using other data.
     *
     * @param write returns plain JSON data without secrets, since the result is stored for a day. `write` must not
     * await anything except the store.
     * @throws {HttpError} 400 for an invalid key, 409 if the key is in use, 422 if it was used for a different
     * request
     */
    idempotent<Store, Result extends object>(
      create: StoreFactory<Store>,
      write: (store: Store) => Promise<Result>,
    ): Promise<Result>
    /** Returns true if a request with the same Idempotency-Key has succeeded or is in progress. */
    isRepeat?(): Promise<boolean>
  }
}

/** Most requests take much less than a second, the smallest value of Retry-After. */
const RETRY_AFTER_SECONDS = '1'

type Work<Result> = (session: Session) => Promise<Result>

async function idempotency(app: FastifyInstance) {
  /** Keys of requests in flight in this process. The database also locks keys, for requests to other processes. */
  const inProgress = new Set<string>()

  async function runOnce<Result>(request: KeyedRequest, work: Work<Result>): Promise<Result> {
    const { key } = request
    if (inProgress.has(key)) throw keyInUse()
    inProgress.add(key)
    try {
      // The first response is also rendered from the stored JSON, so that a repeat gets the same response.
      return JSON.parse(await app.transact((session) => findOrRun(session, request, work)))
    } finally {
      inProgress.delete(key)
    }
  }

  app.addHook('onRoute', (route) => {
    if (Object(route.schema)['x-idempotency-key']) addProblemResponses(route, 409, 422)
  })

  app.decorateRequest('idempotent', function <
    Store,
    Result,
  >(this: FastifyRequest, create: StoreFactory<Store>, write: (store: Store) => Promise<Result>) {
    const field = this.headers['idempotency-key']
    if (field === undefined) return write(app.store(create))
    const key = keyOf(this, String(field))
    const keyed = { request: this, key, fingerprint: fingerprintOf(this) }
    return runOnce(keyed, (session) => write(create(session)))
  })

  app.decorateRequest('isRepeat', async function (this: FastifyRequest) {
    const field = this.headers['idempotency-key']
    if (field === undefined) return false
    const key = keyOf(this, String(field))
    if (inProgress.has(key)) return true
    return (await app.store(createIdempotencyKeyStore).find(key)) !== undefined
  })
}

interface KeyedRequest {
  request: FastifyRequest
  /** Account, operation and key. As JSON, so that no two combinations have the same text. */
  key: string
  fingerprint: string
}

/** @throws {HttpError} 400 for an invalid key */
function keyOf({ principal, method, routeOptions }: FastifyRequest, field: string): string {
  const operation = `${method} ${routeOptions.url}`
  return JSON.stringify([principal?.name ?? '', operation, parseIdempotencyKey(field)])
}

/**
 * Returns the stored result of a request as JSON. If there is none, calls `work` and stores its result.
 *
 * If another process has locked the key, PostgreSQL reports this at once. SQLite begins this transaction only after the
 * transaction of the other process has ended, and then finds the stored result.
 */
async function findOrRun<Result>(
  session: Session,
  { request, key, fingerprint }: KeyedRequest,
  work: Work<Result>,
): Promise<string> {
  const keys = createIdempotencyKeyStore(session)
  if (!(await keys.claim(key))) throw keyInUse()
  const found = await keys.find(key)
  if (found && found.fingerprint !== fingerprint) {
    const detail = 'Idempotency-Key: this key was used for a different request; send a new key'
    throw new HttpError('UNPROCESSABLE_CONTENT', detail)
  }
  request.explain?.('idempotency', found ? 'repeat' : 'first')
  if (found) return found.result
  const result = JSON.stringify(await work(session))
  await keys.save(key, { fingerprint, result })
  return result
}

function keyInUse() {
  return new HttpError(
    'CONFLICT',
    'Idempotency-Key: a request with this key is in progress; repeat it later',
    { headers: { 'retry-after': RETRY_AFTER_SECONDS } },
  )
}

export default fp(idempotency, {
  name: 'idempotency',
  fastify: '5.x',
  dependencies: ['negotiation', 'storage'],
})
