/**
 * Writes log lines without delaying requests, however slow or full the target is.
 *
 * Lines that are logged within a few milliseconds are written together, since each write uses a thread and costs as
 * much CPU time as a request. If the target fails, writing is retried until it succeeds. Lines that exceed the buffer
 * meanwhile are lost, and a log line reports their number. After a partial write, the remaining bytes are written
 * first, so that no line is torn.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../src/error-message.ts'
import { isSystemError } from '../../src/system-error.ts'
import { createLineBuffer, type LineBuffer } from './line-buffer.ts'

/** Destination of the lines: standard output or a file. */
export interface Target {
  /** Called before each batch of lines, with the approximate size of the batch; may open or rotate a file. */
  prepare(sizeBytes: number): Promise<void>
  /** Returns the number of bytes written, which may be fewer than given. */
  write(bytes: Uint8Array): Promise<number>
  writeSync(bytes: Uint8Array): number
  /** Closes the file. A later write reopens the file. */
  close(): Promise<void>
}

export interface LineWriter {
  write(line: string): void
  /** Calls back when all previous lines are written, or after FLUSH_TIMEOUT_MS. */
  flush(done: () => void): void
}

/** Maximum size of the lines that wait for a failing target. Further lines are lost. */
const MAX_BUFFER_BYTES = 4 * 2 ** 20

/** Time for which lines are collected before they are written. */
const BATCH_INTERVAL_MS = 10

/** Interval of retries of a failed write. */
const RETRY_INTERVAL_MS = 100

/** Time that `flush` waits for a failing target. */
const FLUSH_TIMEOUT_MS = 1_000

export function createLineWriter(target: Target, maxBufferBytes = MAX_BUFFER_BYTES): LineWriter {
  const buffer = createLineBuffer(maxBufferBytes)
  const failure = createFailureReport()
  let writing: Promise<void> | undefined

  async function close() {
    const timeout = Promise.withResolvers<void>()
    const timer = setTimeout(timeout.resolve, FLUSH_TIMEOUT_MS)
    await Promise.race([writing, timeout.promise])
    clearTimeout(timer)
    await target.close()
  }

  return {
    write(line) {
      buffer.add(line)
      writing ??= writeBatches(buffer, target, failure).finally(() => {
        writing = undefined
      })
    },
    flush(done) {
      void close().catch(failure.report).finally(done)
    },
  }
}

/** Writes batch by batch until the buffer is empty. */
async function writeBatches(buffer: LineBuffer, target: Target, failure: FailureReport) {
  // Writes synchronously, since an exiting process runs no callbacks.
  function writeRest() {
    try {
      target.writeSync(buffer.take())
    } catch (error) {
      failure.report(error)
    }
  }
  process.once('exit', writeRest)
  while (buffer.size() > 0) {
    await sleep(BATCH_INTERVAL_MS)
    await retry(() => target.prepare(buffer.size()), failure)
    let rest = buffer.take()
    while (rest.length > 0) {
      const bytes = rest
      rest = bytes.subarray(await retry(() => target.write(bytes), failure))
    }
    failure.clear()
  }
  process.off('exit', writeRest)
}

async function retry<Result>(work: () => Promise<Result>, failure: FailureReport): Promise<Result> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      failure.report(error)
      // With ref: false, a failing target does not keep the process from exiting.
      await sleep(RETRY_INTERVAL_MS, undefined, { ref: false })
    }
  }
}

type FailureReport = ReturnType<typeof createFailureReport>

/** Reports the first of consecutive failures on standard error. */
function createFailureReport() {
  let isFailing = false
  return {
    report(error: unknown) {
      // EAGAIN is not a failure. It means that the reader of the pipe is slow.
      if (isFailing || isSystemError(error, 'EAGAIN')) return
      isFailing = true
      console.error(`the log cannot be written: ${messageOf(error)}`)
    },
    /** Ends a sequence of failures, so that the next failure is reported. */
    clear() {
      isFailing = false
    },
  }
}
