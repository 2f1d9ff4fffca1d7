/** Converts errors to problems, which contain only texts that are meant for clients. */
import type { FastifyError, FastifyRequest } from 'fastify'
import { HttpError, unavailable } from '../../src/http/http-error.ts'
import type { Problem } from '../../src/http/problem.ts'
import { absoluteUrl } from '../../src/http/request-target.ts'
import { isUnsafe } from '../../src/http/route-info.ts'
import { shorten } from '../../src/http/shorten.ts'
import { missingMember, ValidationError } from '../../src/http/validation.ts'
import {
  ConstraintViolation,
  DatabaseFull,
  DatabaseUnavailable,
} from '../../src/storage/engines/failure.ts'
import { constraintError } from './constraint-error.ts'

/** Details of Fastify's own errors, by error code. They replace Fastify's messages, which mention internals. */
const FRAMEWORK_DETAILS = new Map<unknown, (request: FastifyRequest) => string>([
  ['FST_ERR_BAD_URL', () => 'the path is not valid percent-encoded UTF-8'],
  [
    'FST_ERR_CTP_BODY_TOO_LARGE',
    ({ routeOptions }) => `the body is larger than ${routeOptions.bodyLimit} bytes`,
  ],
  [
    'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
    () => 'the length of the body differs from Content-Length',
  ],
])

/**
 * Returns an HttpError for a database that is full or unavailable, or that refuses the values of a client, otherwise
 * the error itself.
 */
export function mapDatabaseError(error: unknown, request: FastifyRequest): unknown {
  if (error instanceof DatabaseFull) return new HttpError('INSUFFICIENT_STORAGE')
  // In a GET, the values are those of the service, so the violation is a fault of the service.
  if (error instanceof ConstraintViolation && isUnsafe(request)) {
    return constraintError(error, request)
  }
  return error instanceof DatabaseUnavailable ? unavailable() : error
}

/** Maximum length of a detail, in characters. The URL of a 404 fits, but a detail can also repeat a long name. */
const MAX_DETAIL_LENGTH = 10_000

/** Returns the problem of any thrown value: 500 without a detail, unless the value states a status. */
export function problemOf(error: unknown, request: FastifyRequest): Problem {
  const { detail, ...problem } = describe(error, request)
  return { ...problem, detail: detail && shorten(detail, MAX_DETAIL_LENGTH) }
}

function describe(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof ValidationError) return validationProblem(error)
  const { statusCode, code, expose, message, validation, validationContext } = Object(error)
  if (validation) return validationProblem(ajvError(validation), validationContext)
  const isErrorStatus = Number.isInteger(statusCode) && statusCode >= 400 && statusCode < 600
  const status = isErrorStatus ? statusCode : 500
  if (status === 404) return { status, detail: absoluteUrl(request) }
  if (error instanceof HttpError) {
    const { detail, violations, members } = error
    return { status, detail, violations, members }
  }
  // `app.httpErrors` sets `expose` if the message is meant for clients.
  const detail = FRAMEWORK_DETAILS.get(code)?.(request) ?? (expose === true ? message : undefined)
  return { status, detail: status < 500 ? detail : undefined }
}

function validationProblem(
  error: ValidationError & { validationContext?: string },
  part = error.validationContext ?? 'body',
): Problem {
  const violations = error.violationsIn(part)
  const reasons = violations.map(({ pointer, message }) => `${part}${pointer} ${message}`)
  return { status: 400, detail: reasons.join('; '), violations }
}

/** Converts the errors of Ajv, which validates on an app that has no validator of its own. */
function ajvError(errors: NonNullable<FastifyError['validation']>): ValidationError {
  return new ValidationError(
    errors.map(({ instancePath, message = 'is invalid', params: { missingProperty: name } }) =>
      typeof name === 'string'
        ? missingMember(instancePath, name)
        : { pointer: instancePath, message },
    ),
  )
}
