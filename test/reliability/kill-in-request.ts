import { Server } from 'node:http'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import pg from 'pg'

/**
 * Preloaded into the service: kills it before or after one of the statements that run for a request.
 * `x-kill: before 3` kills it before the third statement.
 */
let remaining = Number.POSITIVE_INFINITY
let isAfter = false

/** A request without the field resets the counter, which the one before may not have used up. */
function arm(field = 'never Infinity') {
  const [when, count] = field.split(' ')
  isAfter = when === 'after'
  remaining = Number(count)
}

/** Ends the process as a power failure would: without cleanup, without a response. */
function kill() {
  process.kill(process.pid, 'SIGKILL')
}

/** Counts the calls of a method that runs a statement, and kills the process at the chosen one. */
function instrument(prototype: object, name: string) {
  const original = Reflect.get(prototype, name)
  Reflect.set(prototype, name, function counted(this: unknown, ...parameters: unknown[]) {
    remaining--
    const isLast = remaining === 0
    if (isLast && !isAfter) kill()
    const result = Reflect.apply(original, this, parameters)
    if (isLast && result instanceof Promise) return result.finally(kill)
    if (isLast) kill()
    return result
  })
}

for (const name of ['run', 'all', 'get']) instrument(StatementSync.prototype, name)
instrument(DatabaseSync.prototype, 'exec')
instrument(pg.Client.prototype, 'query')

const emit = Server.prototype.emit
Server.prototype.emit = function emitArmed(event: string | symbol, ...parameters: unknown[]) {
  if (event === 'request') arm(Object(parameters[0]).headers['x-kill'])
  return Reflect.apply(emit, this, [event, ...parameters])
}
