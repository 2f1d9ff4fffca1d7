/**
 * Signals that end the service. Importing this module handles them at once, since process 1 of a container gets only
 * signals that it handles. Plain JavaScript, so that any Node can load it.
 */
export const STOP_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'])

const exit = process.exit.bind(process, 1)

for (const signal of STOP_SIGNALS) process.on(signal, exit)

/**
 * Calls a function for each signal, instead of ending the process.
 *
 * @param {() => void} handle
 */
export function onStopSignal(handle) {
  for (const signal of STOP_SIGNALS) process.off(signal, exit).on(signal, handle)
}
