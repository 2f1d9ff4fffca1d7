/** Whether the operating system refused, with this code if one is given: `syscall` is set on those errors alone. */
export function isSystemError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && 'syscall' in error && (!code || Reflect.get(error, 'code') === code)
  )
}
