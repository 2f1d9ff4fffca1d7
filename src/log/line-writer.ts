import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../error-message.ts'
import { isSystemError } from '../system-error.ts'

/** Where lines go. */
export interface Target {
  /** Gets ready for about so many octets, which are lines. */
  prepare(size: number): Promise<void>
  /** Writes octets, and gives how many of them it took. */
  write(octets: Uint8Array): Promise<number>
  writeSync(octets: Uint8Array): number
  /** Lets go of what it holds; it may be written to again. */
  close(): Promise<void>
}

export interface LineWriter {
  write(line: string): void
  /** Waits until the lines so far are written; for a second at most, where they cannot be. */
  flush(done: () => void): void
}

/** How many octets wait where they cannot be written; more lines are lost, and counted. */
const LIMIT = 4 * 2 ** 20

/** How long lines wait for others, in milliseconds: each write goes through a thread, and takes as long as a request. */
const GATHERING = 10

/** How long until it is tried again, in milliseconds. */
const PAUSE = 100

/** How long `flush` waits, in milliseconds. */
const PATIENCE = 1_000

/**
 * Writes lines apart from the requests: those that come while some are being written go together.
 *
 * A disk or a pipe that takes no more holds nobody up. It is tried again until it does, and then the log
 * says how many lines it lacks. A line that was written in part is finished first.
 */
export function createLineWriter(target: Target, limit = LIMIT): LineWriter {
  let lines: string[] = []
  let size = 0
  let lost = 0
  let isFailing = false
  let writing: Promise<void> | undefined

  async function writeAll() {
    process.once('exit', writeRest)
    while (lines.length > 0) {
      await sleep(GATHERING)
      await untilDone(() => target.prepare(size))
      let rest: Uint8Array = takeLines()
      while (rest.length > 0) {
        const octets = rest
        rest = octets.subarray(await untilDone(() => target.write(octets)))
      }
      isFailing = false
      if (lost > 0) lines.unshift(countLost())
    }
    process.off('exit', writeRest)
  }

  async function untilDone<Result>(work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        tell(error)
        await sleep(PAUSE, undefined, { ref: false })
      }
    }
  }

  function takeLines(): Buffer {
    const octets = Buffer.from(lines.join(''))
    lines = []
    size = 0
    return octets
  }

  function countLost(): string {
    const line = {
      level: 'warn',
      time: new Date().toISOString(),
      lines: lost,
      msg: 'lines are lost',
    }
    lost = 0
    return `${JSON.stringify(line)}\n`
  }

  function tell(error: unknown) {
    // a pipe that is full for the moment
    if (isFailing || isSystemError(error, 'EAGAIN')) return
    isFailing = true
    console.error(`the log cannot be written: ${messageOf(error)}`)
  }

  async function settle() {
    const patience = Promise.withResolvers<void>()
    const timer = setTimeout(patience.resolve, PATIENCE)
    await Promise.race([writing, patience.promise])
    clearTimeout(timer)
    await target.close()
  }

  /** What the process ends with is written at once, or never. */
  function writeRest() {
    try {
      target.writeSync(takeLines())
    } catch (error) {
      tell(error)
    }
  }

  return {
    write(line) {
      if (size + line.length > limit) {
        lost++
        return
      }
      lines.push(line)
      size += line.length
      writing ??= writeAll().finally(() => {
        writing = undefined
      })
    },
    flush(done) {
      void settle().catch(tell).finally(done)
    },
  }
}
