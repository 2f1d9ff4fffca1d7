/**
 * Thread that requests health and metrics in turn until it receives a message. The thread is separate from the load
 * generator, so that the latency does not include delays of the load generator's event loop.
 */
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData as port } from 'node:worker_threads'
import { median } from './median.ts'

export interface Probes {
  /** Median and maximum latency of the health checks, in milliseconds. */
  took: [number, number]
  asked: number
  failed: number
}

/** Pause between two requests. */
const PAUSE_MS = 20

const METRICS = '/metrics'
const PATHS = ['/health/live', '/health/ready', METRICS]

const agent = new Agent({ keepAlive: true })
const took: number[] = []
let asked = 0
let failed = 0
let isOver = false

parentPort?.once('message', () => {
  isOver = true
})

while (!isOver) {
  const path = String(PATHS[asked++ % PATHS.length])
  const begin = performance.now()
  try {
    const [reply] = (await once(get({ port, path, agent }), 'response')) as [IncomingMessage]
    await buffer(reply)
    if (reply.statusCode !== 200) failed++
  } catch {
    failed++
  }
  if (path !== METRICS) took.push(performance.now() - begin)
  await sleep(PAUSE_MS)
}
agent.destroy()
parentPort?.postMessage({ took: [median(took), Math.max(...took)], asked, failed })
