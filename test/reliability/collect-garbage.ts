/** Module that the service preloads with --expose-gc. SIGWINCH collects garbage, so that only memory in use remains. */
process.on('SIGWINCH', () => globalThis.gc?.())
