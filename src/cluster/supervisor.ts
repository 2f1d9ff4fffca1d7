import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { aggregateMetrics, type Join } from './worker-metrics.ts'

/** What the supervisor tells a worker: to end, that none listens any more, or whether all of them do. */
export type Order = 'drain' | 'close' | 'ready' | 'not ready'

/** What a worker tells the supervisor: that it does not listen any more. */
export type Report = 'deaf'

/** How long until a worker that ended is replaced, in milliseconds: twice as long each time, as long as they end soon. */
const FIRST_DELAY = 100
const LONGEST_DELAY = 10_000

/** What share of its life a worker takes off the delay of the next. */
const CREDIT = 0.01

/** Notes what became of a worker. */
type Note = (details: object, message: string) => void

/**
 * Runs so many processes of the service on one port, and another in place of each that ends by itself.
 * The first is alone until it listens: it migrates the database, and tells what keeps it from starting.
 *
 * SIGINT and SIGTERM end all of them, as they would end one. The workers take the supervisor's word alone:
 * Ctrl-C sends its signal to both.
 *
 * @returns what to exit with: 0, or 1 where the first could not start or a worker lost something.
 */
export async function supervise(count: number, note: Note): Promise<number> {
  const addPlace = aggregateMetrics()
  const listening = new Set<Worker>()
  const ending = Promise.withResolvers<void>()
  let isEnding = false
  let exitCode = 0

  function tellAll(order: Order) {
    // one that has just ended does not hear it
    for (const worker of workers()) worker.send(order, () => {})
  }
  function tellReadiness() {
    tellAll(listening.size === count ? 'ready' : 'not ready')
  }
  // JSON has no NaN, which a gauge may be
  cluster.setupPrimary({ serialization: 'advanced' })
  cluster.on('listening', (worker) => {
    listening.add(worker)
    tellReadiness()
  })

  /** Of one that is about to end: the last one was the last to listen. */
  function forget(worker: Worker) {
    listening.delete(worker)
    if (listening.size === 0) tellAll('close')
  }

  function end() {
    if (isEnding) {
      // who asks twice does not want to wait
      for (const worker of workers()) worker.process.kill('SIGKILL')
      process.exit(1)
    }
    isEnding = true
    ending.resolve()
    for (const worker of workers()) {
      // one that does not listen yet would only begin to
      if (!listening.has(worker)) worker.process.kill('SIGKILL')
    }
    tellAll('drain')
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)

  /** Runs one worker to its end, and gives its exit code. */
  async function run(join: Join): Promise<number> {
    const worker = cluster.fork()
    const place = join(worker)
    worker.on('message', (report: Report) => report === 'deaf' && forget(worker))
    const [code, signal] = await once(worker, 'exit')
    if (isEnding) {
      if (!signal) exitCode ||= code
      forget(worker)
    } else if (listening.delete(worker)) {
      tellReadiness()
      note({ worker: place, code, signal }, 'worker ended')
    }
    return code ?? 1
  }

  /** Keeps one place filled until the end. */
  async function keep(join: Join, first?: Promise<number>) {
    let delay = FIRST_DELAY
    let running = first
    while (!isEnding) {
      const begin = performance.now()
      await (running ?? run(join))
      running = undefined
      const next = 2 * delay - (performance.now() - begin) * CREDIT
      delay = Math.min(Math.max(next, FIRST_DELAY), LONGEST_DELAY)
      await Promise.race([ending.promise, sleep(delay)])
    }
  }

  const join = addPlace()
  const first = run(join)
  const startCode = await Promise.race([once(cluster, 'listening').then(() => undefined), first])
  if (startCode !== undefined) return startCode
  const others = Array.from({ length: count - 1 }, addPlace)
  await Promise.all([keep(join, first), ...others.map((join) => keep(join))])
  return exitCode
}

function workers(): Worker[] {
  return Object.values(cluster.workers as Record<string, Worker>) // a supervisor has them
}
