/** What the log tells of a request that has ended. */
export interface RequestLine {
  method: string
  /** Null where no route was found. */
  route: string | null
  status: number
  durationMs: number
  message: string
}

/**
 * Writes the line of a request as JSON, by hand: there is one for each request, and its members are known.
 *
 * @param bindings what every line of the request has, as JSON behind a comma.
 */
export function writeRequestLine(
  level: string,
  bindings: string,
  { method, route, status, durationMs, message }: RequestLine,
): string {
  // to the microsecond
  const duration = Math.round(durationMs * 1_000) / 1_000
  return `{"level":"${level}","time":"${isoTime()}"${bindings},"method":${quote(method)},"route":${quote(route)},"status":${status},"durationMs":${duration},"msg":"${message}"}\n`
}

/** There are few methods and routes. */
const quoted = new Map<string | null, string>()

function quote(text: string | null): string {
  const known = quoted.get(text) ?? JSON.stringify(text)
  quoted.set(text, known)
  return known
}

let latest = 0
let written = ''

/** The time as RFC 3339 has it, written once a millisecond. */
export function isoTime(): string {
  const now = Date.now()
  if (now !== latest) {
    latest = now
    written = new Date(now).toISOString()
  }
  return written
}
