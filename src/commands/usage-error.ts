/** Thrown if the arguments of a command are wrong; the command then also prints its usage. */
export class UsageError extends Error {}
