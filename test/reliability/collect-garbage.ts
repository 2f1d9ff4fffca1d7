/** Module that the service preloads with --expose-gc. SIGUSR2 collects garbage, so that only memory in use remains. */
process.on('SIGUSR2', () => globalThis.gc?.())
