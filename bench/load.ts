import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LOAD_CORE, type Running } from './process.ts'
import type { Work } from './work.ts'

const run = promisify(execFile)

const CONNECTIONS = 8

/** Ratio of responses that may fail: a busy machine delays some. */
const TOLERATED_FAILURES = 0.01

/** Figures of one round of a work on a server. Times are in microseconds. */
export interface Sample {
  /** CPU time per request, of all processes of the server. */
  cpu: number
  p50: number
  p99: number
  /** Requests per second. */
  rate: number
}

/**
 * Sends a work's request over and over, and measures the server.
 *
 * @param seconds an integer.
 * @throws {Error} if too many responses are errors, unless the work expects an error.
 */
export async function load(server: Running, work: Work, seconds: number): Promise<Sample> {
  const before = server.cpuTime()
  const { requests, refused, broken, duration, ...latency } = await wrk(server.url, work, seconds)
  const cpu = server.cpuTime() - before
  // wrk counts each expected 404 as an error
  const errors = work.status < 400 ? refused : 0
  if (errors + broken > requests * TOLERATED_FAILURES) {
    throw new Error(
      `${work.name}: ${errors} error responses, ${broken} requests without a response`,
    )
  }
  return { cpu: cpu / requests, ...latency, rate: (requests * 1e6) / duration }
}

interface Report {
  requests: number
  /** Responses with a status of 400 or more. */
  refused: number
  /** Requests without a response. */
  broken: number
  duration: number
  p50: number
  p99: number
}

async function wrk(url: string, work: Work, seconds: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-load-'))
  const script = join(folder, 'load.lua')
  writeFileSync(script, scriptOf(work))
  const connections = String(work.connections ?? CONNECTIONS)
  try {
    const { stdout } = await run('taskset', [
      ...['--cpu-list', LOAD_CORE, 'wrk', '--threads', '1', '--connections', connections],
      ...['--duration', `${seconds}s`, '--timeout', '10s', '--script', script, url + work.path],
    ])
    return JSON.parse(stdout.slice(stdout.indexOf('{')))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Returns wrk's script: the request, and the report as JSON. */
function scriptOf({ method, headers = {}, body = '' }: Work): string {
  const fields = Object.entries(headers).map(
    ([name, value]) => `wrk.headers["${name}"] = "${value}"`,
  )
  return `wrk.method = "${method}"
wrk.body = [[${body}]]
${fields.join('\n')}
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"refused":%d,"broken":%d,"duration":%d,"p50":%d,"p99":%d}',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration, latency:percentile(50), latency:percentile(99)))
end
`
}

/** Checks one response to a work, so that no server is measured on errors. @throws {Error} if it is wrong. */
export async function verify(name: string, { url }: Running, work: Work) {
  const { method, headers, body = null, path } = work
  const reply = await fetch(url + path, { method, ...(headers && { headers }), body })
  const text = await reply.text()
  if (reply.status === work.status && text.includes(work.contains)) return
  throw new Error(`${name}: unexpected response to ${work.name}: ${reply.status} ${text}`)
}
