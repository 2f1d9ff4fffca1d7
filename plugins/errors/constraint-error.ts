/** Converts violated constraints to errors for clients, which show neither SQL nor values of other resources. */
import type { FastifyRequest } from 'fastify'
import { type ErrorCode, HttpError } from '../../src/http/http-error.ts'
import { escapePointer, MAX_VIOLATIONS, type Violation } from '../../src/http/validation.ts'
import type { Constraint, ConstraintViolation } from '../../src/storage/engines/failure.ts'

interface Refusal {
  code: ErrorCode
  detail: string
  /** Requirement that each member does not meet. */
  message: string
}

const REFUSALS: Record<Exclude<Constraint, 'scope'>, Refusal> = {
  unique: {
    code: 'CONFLICT',
    detail: 'another resource has this value',
    message: 'must be unique',
  },
  reference: {
    code: 'CONFLICT',
    detail: 'a resource that this refers to does not exist',
    message: 'must refer to an existing resource',
  },
  referenced: { code: 'CONFLICT', detail: 'other resources refer to it', message: '' },
  check: {
    code: 'UNPROCESSABLE_CONTENT',
    detail: 'the value is not allowed',
    message: 'must meet a rule of the resource',
  },
  'not null': {
    code: 'UNPROCESSABLE_CONTENT',
    detail: 'a value is missing',
    message: 'must have a value',
  },
}

/** Details for constraints with several columns. */
const DETAILS_OF_SEVERAL: Partial<Record<Constraint, string>> = {
  unique: 'another resource has this combination of values',
  check: 'this combination of values is not allowed',
}

/** Returns the error for the client whose request broke a constraint. */
export function constraintError(
  { constraint, columns, members }: ConstraintViolation,
  request: FastifyRequest,
): HttpError {
  if (constraint === 'scope') return new HttpError('NOT_FOUND')
  const { code, detail, message } = REFUSALS[constraint]
  const violations = columns.slice(0, MAX_VIOLATIONS).flatMap((column): Violation[] => {
    const member = members[column] ?? memberOf(column)
    const part = partWith(member, request)
    return part ? [{ in: part, pointer: `/${escapePointer(member)}`, message }] : []
  })
  if (constraint === 'reference' && isOfPath(columns, violations)) return new HttpError('NOT_FOUND')
  const ofSeveral = columns.length > 1 ? DETAILS_OF_SEVERAL[constraint] : undefined
  return new HttpError(code, ofSeveral ?? detail, violations.length > 0 ? { violations } : {})
}

/** Returns true if all columns are parameters of the path, so that a parent of the resource does not exist. */
function isOfPath(columns: string[], violations: Violation[]): boolean {
  const ofPath = violations.filter((each) => each.in === 'params')
  return columns.length > 0 && ofPath.length === columns.length
}

/** Returns the name of a column in camel case. */
function memberOf(column: string): string {
  return column.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** Returns the part of the request that has a member; undefined for columns that the client does not set. */
function partWith(member: string, { routeOptions }: FastifyRequest): string | undefined {
  const { body, params } = Object(routeOptions.schema)
  const hasMember = (schema: unknown) => Object.hasOwn(Object(Object(schema).properties), member)
  if (hasMember(body)) return 'body'
  if (hasMember(params)) return 'params'
  // The members of a patch are those of the resource, which its schema does not list.
  return Object(body).content ? 'body' : undefined
}
