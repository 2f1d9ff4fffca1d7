/** Preloaded into the service, with --expose-gc: what is in memory after SIGUSR2 is in use. */
process.on('SIGUSR2', () => globalThis.gc?.())
