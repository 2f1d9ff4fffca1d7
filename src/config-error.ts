/** Thrown for an invalid setting. The message is one line with the key, the value, and what is accepted. */
export class ConfigError extends Error {}
