/** Log lines of failed requests. */
import type { FastifyRequest } from 'fastify'
import { DatabaseFull, DatabaseUnavailable } from '../../src/storage/engines/failure.ts'

/** Time without a failure of the database after which an outage is over. */
const OUTAGE_GAP_MS = 60_000

/** Time of the latest failure of the database, by server. */
const latest = new WeakMap<object, number>()

/** Logs an error that is not the fault of the client. Omits the stack if an outage of the database has already begun. */
export function logFailure(error: unknown, request: FastifyRequest): void {
  const err = isOfOutage(error, request.server.server) ? withoutStack(error) : error
  request.log.error({ err }, 'request failed')
}

/** Returns true for each failure of the database during an outage except the first. */
function isOfOutage(error: unknown, server: object): error is Error {
  if (!(error instanceof DatabaseUnavailable || error instanceof DatabaseFull)) return false
  const now = performance.now()
  const previous = latest.get(server) ?? Number.NEGATIVE_INFINITY
  latest.set(server, now)
  return now - previous < OUTAGE_GAP_MS
}

function withoutStack({ message }: Error): Error {
  const short = new Error(message)
  delete short.stack
  return short
}
