/** Returns true for an error of the operating system, and if given, of this code. Only those have `syscall`. */
export function isSystemError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && 'syscall' in error && (!code || Reflect.get(error, 'code') === code)
  )
}
