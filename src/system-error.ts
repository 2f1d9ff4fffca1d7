/** Returns true for an error of the operating system (only these have `syscall`), with this code if given. */
export function isSystemError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && 'syscall' in error && (!code || Reflect.get(error, 'code') === code)
  )
}
