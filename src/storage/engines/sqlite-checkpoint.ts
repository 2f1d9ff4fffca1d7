/**
 * Checkpoints of a SQLite file: copies the write-ahead log into the file, and empties the log. SQLite would do this within
 * a commit, which blocks the event loop for seconds if a long read, such as a backup, has kept the log from being copied.
 */
import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/** Interval in which the size of the log is checked. */
const CHECK_INTERVAL_MS = 1_000

/** Size above which the log is copied, as in SQLite. Until a long read ends, the log grows further. */
const LIMIT_BYTES = 4 * 2 ** 20

/**
 * Code of the thread. The first step copies most of the log while other connections read and write. The second step
 * copies the rest, and empties the log; meanwhile writes wait (group-commit.ts). It gives up if a read needs the log.
 */
const SCRIPT = `
  const { DatabaseSync } = require('node:sqlite')
  const { parentPort, workerData } = require('node:worker_threads')
  parentPort.on('message', () => {
    try {
      const database = new DatabaseSync(workerData, { timeout: 100 })
      database.exec('pragma wal_checkpoint(passive); pragma wal_checkpoint(truncate)')
      database.close()
    } catch {
      // The next check tries again, and an alert reports a large log.
    }
    parentPort.postMessage('done')
  })
`

/**
 * Copies the log in a thread whenever it is large.
 *
 * @param verify throws an error if the path has another file, which must not be opened
 */
export function keepLogSmall(file: string, verify: () => void, limitBytes = LIMIT_BYTES) {
  /** Started when the log is large for the first time. Starting a thread takes about 20 ms of CPU time. */
  let thread: Worker | undefined
  /** The copy that is being made. */
  let copy: PromiseWithResolvers<void> | undefined

  function endCopy() {
    copy?.resolve()
    copy = undefined
  }

  function startThread() {
    // The thread needs no options of the process, which may load other modules.
    const started = new Worker(SCRIPT, { eval: true, workerData: file, execArgv: [], env: {} })
    started.unref()
    return started
      .on('message', endCopy)
      .on('error', () => {}) // such as a lack of memory; 'exit' follows
      .on('exit', () => {
        thread = undefined
        endCopy()
      })
  }

  function check() {
    const size = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
    if (copy || size <= limitBytes) return
    try {
      verify()
    } catch {
      return
    }
    copy = Promise.withResolvers()
    thread ??= startThread()
    thread.postMessage('copy')
  }
  const timer = setInterval(check, CHECK_INTERVAL_MS).unref()

  return {
    async close() {
      clearInterval(timer)
      thread?.ref() // otherwise the process could end before the copy
      await copy?.promise
      await thread?.terminate()
    },
  }
}
