/** Writes the log line of a request as JSON. Done by hand for speed, since every request has such a line. */

import type { WriteTarget } from './write-target.ts'

export interface RequestLine {
  method: string
  /** Null if no route matched. */
  route: string | null
  status: number
  durationMs: number
  /** Text that needs no escaping in JSON. */
  message: string
  /** Name of the authenticated account. */
  principal?: string | undefined
  target?: WriteTarget | undefined
}

/** Returns the member with the address of the client, for every line of a request. */
export function clientMember(address: string): string {
  return `,"client":${JSON.stringify(address)}`
}

/** Returns the member with the request id that the client claims. */
export function clientRequestIdMember(id: string): string {
  return `,"clientRequestId":"${id}"`
}

/**
 * Writes the line of a request.
 *
 * @param bindings members of every line of the request, as JSON with a leading comma
 */
export function writeRequestLine(
  level: string,
  bindings: string,
  { method, route, status, durationMs, message, principal, target }: RequestLine,
): string {
  const duration = Math.round(durationMs * 1_000) / 1_000 // to the microsecond
  const who = principal === undefined ? '' : `,"principal":${JSON.stringify(principal)}`
  const what = target ? targetMembers(target) : ''
  return `{"level":"${level}","time":"${isoTime()}"${bindings},"method":${quote(method)},"route":${quote(route)},"status":${status},"durationMs":${duration}${who}${what},"msg":"${message}"}\n`
}

function targetMembers({ resource, id, version }: WriteTarget): string {
  const members = [`,"resource":${JSON.stringify(resource)}`]
  if (id !== undefined) members.push(`,"id":${JSON.stringify(id)}`)
  if (version !== undefined) members.push(`,"version":${JSON.stringify(version)}`)
  return members.join('')
}

/** Cache of methods and routes as JSON strings. Only a few exist. */
const quoted = new Map<string | null, string>()

function quote(text: string | null): string {
  let known = quoted.get(text)
  if (known === undefined) {
    known = JSON.stringify(text)
    quoted.set(text, known)
  }
  return known
}

let lastTime = 0
let lastIsoTime = ''

/** Returns the current time in RFC 3339 format, formatted once per millisecond. */
export function isoTime(): string {
  const now = Date.now()
  if (now !== lastTime) {
    lastTime = now
    lastIsoTime = new Date(now).toISOString()
  }
  return lastIsoTime
}
