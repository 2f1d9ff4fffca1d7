import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LOAD_CORE, type Running } from './process.ts'
import type { Work } from './work.ts'

const run = promisify(execFile)

const CONNECTIONS = 8

/** The share of answers that may fail: a machine that others use may hold one up. */
const TOLERATED = 0.01

/** What one round of a work on a server gave. Times are in microseconds. */
export interface Sample {
  /** Of the server's processes, for each request. */
  cpu: number
  p50: number
  p99: number
  /** Requests per second. */
  rate: number
}

/**
 * Sends a work's request over and over, and measures what it costs the server.
 *
 * @param seconds how long; whole ones.
 * @throws {Error} for answers that are no success, where the work is to have one.
 */
export async function load(server: Running, work: Work, seconds: number): Promise<Sample> {
  const before = server.cpuTime()
  const { requests, refused, broken, duration, ...latency } = await wrk(server.url, work, seconds)
  const cpu = server.cpuTime() - before
  // of 404 each is one
  const errors = work.status < 400 ? refused : 0
  if (errors + broken > requests * TOLERATED) {
    throw new Error(`${work.name}: ${errors} answers are errors, ${broken} did not come`)
  }
  return { cpu: cpu / requests, ...latency, rate: (requests * 1e6) / duration }
}

interface Report {
  requests: number
  /** Answers that tell of a failure, and those that did not come. */
  refused: number
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

/** What wrk is to send, and to tell of it. */
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

/** Looks at one answer to a work, so that nobody is measured on errors. @throws {Error} for a wrong one. */
export async function verify(name: string, { url }: Running, work: Work) {
  const { method, headers, body = null, path } = work
  const reply = await fetch(url + path, { method, ...(headers && { headers }), body })
  const text = await reply.text()
  if (reply.status === work.status && text.includes(work.contains)) return
  throw new Error(`${name} answers ${work.name} with ${reply.status} ${text}`)
}
