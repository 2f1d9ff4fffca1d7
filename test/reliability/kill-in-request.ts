import { Server } from 'node:http'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import pg from 'pg'

/**
 * Module that the service preloads. It kills the service before or after a statement of a request. For example,
 * the header field `x-kill: before 3` kills the service before the third statement.
 */
let remaining = Number.POSITIVE_INFINITY
let isAfter = false

/** Sets the counter for a request. Without the header field, removes the counter of an earlier request. */
function arm(field = 'never Infinity') {
  const [when, count] = field.split(' ')
  isAfter = when === 'after'
  remaining = Number(count)
}

/** Ends the process without cleanup and without a response, like a power failure. */
function kill() {
  process.kill(process.pid, 'SIGKILL')
}

/** Wraps a method that runs statements. The wrapper counts the calls, and kills the process at the chosen call. */
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
