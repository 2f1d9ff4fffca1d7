import { Server } from 'node:http'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import pg from 'pg'

/**
 * Preloaded into the service: ends it before, or right after, one of the statements of a request.
 * `x-kill: before 3` is before the third statement from when the request came in.
 */
let remaining = Number.POSITIVE_INFINITY
let isAfter = false

/** A request without the field disarms what the one before it did not come to. */
function arm(field = 'never Infinity') {
  const [when, count] = field.split(' ')
  isAfter = when === 'after'
  remaining = Number(count)
}

/** As when the power fails: nothing is cleaned up, nothing more is sent. */
function die() {
  process.kill(process.pid, 'SIGKILL')
}

/** Counts the calls of a method that runs a statement. */
function count(prototype: object, name: string) {
  const original = Reflect.get(prototype, name)
  Reflect.set(prototype, name, function counted(this: unknown, ...parameters: unknown[]) {
    remaining--
    const isLast = remaining === 0
    if (isLast && !isAfter) die()
    const result = Reflect.apply(original, this, parameters)
    if (isLast && result instanceof Promise) return result.finally(die)
    if (isLast) die()
    return result
  })
}

for (const name of ['run', 'all', 'get']) count(StatementSync.prototype, name)
count(DatabaseSync.prototype, 'exec')
count(pg.Client.prototype, 'query')

const emit = Server.prototype.emit
Server.prototype.emit = function emitArmed(event: string | symbol, ...parameters: unknown[]) {
  if (event === 'request') arm(Object(parameters[0]).headers['x-kill'])
  return Reflect.apply(emit, this, [event, ...parameters])
}
