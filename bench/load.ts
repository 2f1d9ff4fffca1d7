import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LOAD_CORE, type Running } from './process.ts'
import type { Workload } from './workloads.ts'

const run = promisify(execFile)

const CONNECTIONS = 8

/** Fraction of requests that may fail, since requests may time out on a busy machine. */
const TOLERATED_FAILURES = 0.01

/** Figures of one round, for one workload and one server. Times are in microseconds. */
export interface Sample {
  /** CPU time per request, summed over all processes of the server. */
  cpu: number
  p50: number
  p99: number
  /** Requests per second. */
  rate: number
}

/**
 * Sends the request of a workload repeatedly, and measures the server.
 *
 * @param seconds an integer.
 * @throws {Error} if too many responses are errors, unless the workload expects an error.
 */
export async function load(server: Running, workload: Workload, seconds: number): Promise<Sample> {
  const before = server.cpuTime()
  const { requests, refused, broken, duration, ...latency } = await wrk(
    server.url,
    workload,
    seconds,
  )
  const cpu = server.cpuTime() - before
  // wrk counts an expected 404 as an error
  const errors = workload.status < 400 ? refused : 0
  if (errors + broken > requests * TOLERATED_FAILURES) {
    throw new Error(
      `${workload.name}: ${errors} error responses, ${broken} requests without a response`,
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

async function wrk(url: string, workload: Workload, seconds: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-load-'))
  const script = join(folder, 'load.lua')
  writeFileSync(script, scriptOf(workload))
  const connections = String(workload.connections ?? CONNECTIONS)
  try {
    const { stdout } = await run('taskset', [
      ...['--cpu-list', LOAD_CORE, 'wrk', '--threads', '1', '--connections', connections],
      ...['--duration', `${seconds}s`, '--timeout', '10s', '--script', script, url + workload.path],
    ])
    return JSON.parse(stdout.slice(stdout.indexOf('{')))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Returns a script for wrk that sets the request and prints the report as JSON. */
function scriptOf({ method, headers = {}, body = '' }: Workload): string {
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

/** Checks one response, so that no server is measured with wrong responses. @throws {Error} if the response is wrong. */
export async function verify(name: string, { url }: Running, workload: Workload) {
  const { method, headers, body = null, path } = workload
  const reply = await fetch(url + path, { method, ...(headers && { headers }), body })
  const text = await reply.text()
  if (reply.status === workload.status && text.includes(workload.contains)) return
  throw new Error(`${name}: unexpected response to ${workload.name}: ${reply.status} ${text}`)
}
