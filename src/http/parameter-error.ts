import { HttpError } from './http-error.ts'

/** Returns a 400 error for a query parameter that matches the schema, but is not valid in this request. */
export function parameterError(name: string, message: string) {
  return new HttpError('BAD_REQUEST', `querystring/${name} ${message}`, {
    violations: [{ in: 'querystring', pointer: `/${name}`, message }],
  })
}
