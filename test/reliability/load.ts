import { setTimeout as delay } from 'node:timers/promises'
import { createClient, type Reply } from './client.ts'
import type { Entry } from './ledger.ts'
import { seededRandom } from './random.ts'
import { write } from './writers.ts'

const READERS = 4

/** How long a reader waits between two requests, in milliseconds. */
const PAUSE = 20

/** An answer, and when its request was sent, as `performance.now()` tells time. */
export interface Answer extends Reply {
  sent: number
}

/** Clients that read and write, and what they were answered. */
export interface Load {
  answers: Answer[]
  /** What the writers know of the articles. */
  entries: Entry[]
  /** Waits until a condition holds: it is asked after each answer. */
  until(condition: () => boolean): Promise<void>
  stop(): Promise<void>
}

/** @param isProxied whether a proxy stands between, which may send a change a second time. */
export function startLoad(url: string, isProxied = false): Load {
  const answers: Answer[] = []
  const entries: Entry[] = []
  const listeners = new Set<() => void>()
  let isStopped = false
  const isOver = () => isStopped

  function onReply(reply: Reply) {
    answers.push({ ...reply, sent: performance.now() - reply.took })
    for (const listener of listeners) listener()
  }
  const end = Promise.all([
    write({ url, random: seededRandom(1), entries, onReply, isOver, isProxied }),
    read(url, onReply, isOver),
  ])

  async function until(condition: () => boolean) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const listener = () => condition() && resolve()
    listeners.add(listener)
    await Promise.race([promise, end]) // which rejects when a client finds what cannot be
    listeners.delete(listener)
  }
  async function stop() {
    isStopped = true
    await end
  }
  return { answers, entries, until, stop }
}

async function read(url: string, onReply: (reply: Reply) => void, isOver: () => boolean) {
  const readers = Array.from({ length: READERS }, async () => {
    const { send, close } = createClient(url)
    while (!isOver()) {
      onReply(await send('GET', '/articles/123'))
      await delay(PAUSE)
    }
    close()
  })
  await Promise.all(readers)
}
