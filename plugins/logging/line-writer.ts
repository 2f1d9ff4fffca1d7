import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../src/error-message.ts'
import { isSystemError } from '../../src/system-error.ts'

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

/** How many octets a UTF-16 code unit has at most in UTF-8. */
const MOST_OCTETS = 3

/** How many octets wait where they cannot be written; more lines are lost, and counted. */
const LIMIT = 4 * 2 ** 20

/** How long lines wait for others, in milliseconds: each write goes through a thread, and takes as long as a request. */
const GATHERING = 10

/** What is held ready for lines at first, in octets: what a busy service writes in that time. */
const CAPACITY = 2 ** 17

/** How long until it is tried again, in milliseconds. */
const PAUSE = 100

/** How long `flush` waits, in milliseconds. */
const PATIENCE = 1_000

/**
 * Writes lines apart from the requests: those that come while some are being written go together. They
 * are kept as octets, since thousands of texts that live for a while have the garbage collector at work.
 *
 * A disk or a pipe that takes no more holds nobody up. It is tried again until it does, and then the log
 * says how many lines it lacks. A line that was written in part is finished first.
 */
export function createLineWriter(target: Target, limit = LIMIT): LineWriter {
  let pending = Buffer.allocUnsafe(CAPACITY)
  /** What was pending before, and is being written. */
  let spare = Buffer.allocUnsafe(CAPACITY)
  let size = 0
  let lost = 0
  let isFailing = false
  let writing: Promise<void> | undefined

  async function writeAll() {
    process.once('exit', writeRest)
    while (size > 0) {
      await sleep(GATHERING)
      await untilDone(() => target.prepare(size))
      let rest = takeLines()
      while (rest.length > 0) {
        const octets = rest
        rest = octets.subarray(await untilDone(() => target.write(octets)))
      }
      isFailing = false
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

  function append(line: string) {
    const needed = size + line.length * MOST_OCTETS
    if (needed > pending.length) {
      pending = Buffer.concat([pending.subarray(0, size)], 2 * needed)
    }
    size += pending.write(line, size)
  }

  /** Gives what is pending, to be written before this is called again. */
  function takeLines(): Uint8Array {
    const octets = pending.subarray(0, size)
    ;[pending, spare] = [spare, pending]
    size = 0
    if (lost > 0) append(countLost())
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
    const octets = pending.subarray(0, size)
    size = 0
    try {
      target.writeSync(octets)
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
      append(line)
      writing ??= writeAll().finally(() => {
        writing = undefined
      })
    },
    flush(done) {
      void settle().catch(tell).finally(done)
    },
  }
}
