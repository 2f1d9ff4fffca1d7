import { inspect } from 'node:util'

/** Maximum number of nested causes that are logged, since an error can be its own cause. */
const MAX_CAUSES = 5

/**
 * Returns the members of a thrown value that are logged. Omits members that other code adds to errors, since the error
 * of a call to another service may contain the credentials of that call.
 */
export function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: inspect(error, { depth: -1 }) }
  const { name, message, stack } = error
  const describeInner = (inner: unknown) => describeError(inner, depth + 1)
  return {
    type: name,
    code: Reflect.get(error, 'code'),
    message,
    stack,
    ...(depth < MAX_CAUSES && error.cause !== undefined && { cause: describeInner(error.cause) }),
    ...(depth < MAX_CAUSES &&
      error instanceof AggregateError && { errors: error.errors.map(describeInner) }),
  }
}
