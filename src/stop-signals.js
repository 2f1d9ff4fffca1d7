/**
 * Signals that end the service. Importing this module handles them at once, since process 1 of a container gets only
 * signals that it handles. Plain JavaScript, so that any Node can load it.
 *
 * SIGHUP reloads the service. On a terminal it ends the service, since a terminal that is closed sends it.
 */
import { isatty } from 'node:tty'

export const STOP_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'])

const exit = process.exit.bind(process, 1)

/** File descriptor of standard output. */
const STANDARD_OUTPUT = 1

const isOnTerminal = isatty(STANDARD_OUTPUT)

for (const signal of STOP_SIGNALS) process.on(signal, exit)
onReloadSignal(() => {}) // a reload during the start is ignored

/**
 * Calls a function for each signal, instead of ending the process.
 *
 * @param {() => void} handle
 */
export function onStopSignal(handle) {
  // Added first: Node drops a signal that is pending when its last listener is removed.
  for (const signal of STOP_SIGNALS) process.on(signal, handle).off(signal, exit)
}

/**
 * Calls a function for each SIGHUP, unless the service runs on a terminal.
 *
 * @param {() => void} handle
 */
export function onReloadSignal(handle) {
  if (!isOnTerminal) process.on('SIGHUP', handle)
}
