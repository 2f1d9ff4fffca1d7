/** A setting that cannot be used. The message is one line that names the key, the value and what is accepted. */
export class ConfigError extends Error {}
