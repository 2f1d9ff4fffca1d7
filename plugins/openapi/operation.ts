import { type Deprecated, describeDeprecation } from '../../src/http/deprecation.ts'
import type { RouteDeadline } from '../../src/http/route-deadline.ts'
import { ANY_CONTENT, completeContent } from './content.ts'
import type { Operation, Parameter, Reference } from './openapi.ts'
import type { RequestField } from './request-fields.ts'
import { completeResponses, fieldsOf } from './responses.ts'

/** Parameter name of the wildcard in a path. */
export const WILDCARD = 'path'

export interface CompleteOperation extends Operation {
  tags: string[]
  security: Record<string, string[]>[]
}

/**
 * Completes an operation. Its responses determine whether it has credentials (401), and which request header fields it
 * has (206, 304 with an ETag, 428). Also adds response header fields, and the failures that all operations share.
 *
 * @param method in lower case
 * @param credentials requirement of an operation that can return 401
 * @param operation generated from the route's schema, so its parameters are not references. `x-idempotency-key: true` means
 * that the route accepts Idempotency-Key, and `x-conditional: true` that it compares If-Match with the version of its resource
 */
export function completeOperation(
  method: string,
  path: string,
  credentials: CompleteOperation['security'],
  declared: Operation,
): CompleteOperation {
  const { 'x-idempotency-key': isIdempotent, 'x-conditional': isConditional, ...rest } = declared
  const operation = { ...rest, responses: responsesOf(method, rest.responses) }
  const { operationId, summary, parameters = [], requestBody, responses } = operation
  const fields: RequestField[] = [
    ...(isConditional ? (['IfMatch', 'IfNoneMatch'] as const) : []),
    ...requestFieldsOf(responses, isIdempotent === true),
  ]
  const description = describeOperation(operation, isIdempotent === true)
  const body = requestBody ?? (METHODS_WITH_BODY.includes(method) && { content: ANY_CONTENT })
  return {
    tags: operation.tags ?? [tagOf(path)],
    ...(operationId && { operationId }),
    ...(summary && { summary }),
    ...(operation.deprecated && { deprecated: true }),
    ...(description && { description }),
    parameters: [
      ...(parameters as Parameter[]).map(completeParameter),
      ...fields.map(referToParameter),
    ],
    ...(body && { requestBody: { ...body, content: completeContent(body.content) } }),
    responses: completeResponses(responses),
    security: operation.security ?? (responses[401] ? credentials : []),
    ...extensionsOf(operation),
  }
}

/** Extensions with which clients can plan: limits that a route sets itself, and its deprecation. */
const EXTENSIONS = ['x-body-limit', 'x-deadline', 'x-deprecation'] as const

function extensionsOf(operation: Operation) {
  const own = EXTENSIONS.filter((name) => operation[name] !== undefined)
  return Object.fromEntries(own.map((name) => [name, operation[name]]))
}

/**
 * Leaves out responses of other methods, since a route with several methods declares the responses of all: 304 is only
 * for GET, and responses without content (RFC 7240) are only for writes. A list applies preferences of its own.
 */
function responsesOf(method: string, responses: Operation['responses']): Operation['responses'] {
  const entries = Object.entries(responses)
  if (method !== 'get') return Object.fromEntries(entries.filter(([status]) => status !== '304'))
  return Object.fromEntries(
    entries.flatMap(([status, response]) => {
      const { 'Preference-Applied': applied, ...headers } = Object(Object(response).headers)
      if (!applied || headers['X-Total-Count']) return [[status, response]]
      return status === '204' ? [] : [[status, { ...response, headers }]]
    }),
  )
}

const METHODS_WITH_BODY = ['patch', 'post', 'put']

/** Returns the first segment of a path, without file extension. */
function tagOf(path: string): string {
  return path.split(/[/.]/)[1] || 'root'
}

function requestFieldsOf(responses: Operation['responses'], isIdempotent: boolean): RequestField[] {
  const has = (status: number) => responses[status] !== undefined
  const includeIf = (condition: boolean, ...fields: RequestField[]) => (condition ? fields : [])
  const isApplied = Object.values(responses).some((each) =>
    fieldsOf(each).includes('Preference-Applied'),
  )
  const isList = fieldsOf(responses[200]).includes('X-Total-Count')
  return [
    ...includeIf(
      has(304) && fieldsOf(responses[200]).includes('ETag'),
      'IfNoneMatch',
      'IfModifiedSince',
      'IfMatch',
      'IfUnmodifiedSince',
    ),
    ...includeIf(has(206), 'ByteRange', 'IfRange'),
    // If-Match is optional here, since creating the resource needs none.
    ...includeIf(has(428) && has(201), 'IfMatch', 'IfNoneMatch', 'IfUnmodifiedSince'),
    ...includeIf(has(428) && !has(201), 'IfMatchRequired', 'IfUnmodifiedSince'),
    ...includeIf(isIdempotent, 'IdempotencyKey'),
    ...(isList ? (['PreferCount'] as const) : includeIf(isApplied, 'Prefer')),
    'RequestId',
  ]
}

function referToParameter(name: RequestField): Reference {
  return { $ref: `#/components/parameters/${name}` }
}

/** Names the wildcard, and moves `deprecated` from the schema of a parameter to the parameter. */
function completeParameter(parameter: Parameter): Parameter {
  const { deprecated, ...schema }: Parameter['schema'] & Deprecated = parameter.schema
  const name = parameter.name === '*' ? WILDCARD : parameter.name
  return { ...parameter, name, schema, ...(deprecated && { deprecated }) }
}

const IDEMPOTENCY = 'For 24 hours, a repeat with the same Idempotency-Key gets the first response.'

const PRECONDITION = 'If the resource exists, If-Match with its current ETag is required.'

/** Writes the description of an operation: the description in the schema, then sentences derived from the schema. */
function describeOperation(operation: Operation, isIdempotent: boolean): string {
  const { description, responses, 'x-deprecation': deprecation } = operation
  return [
    deprecation && `${describeDeprecation(deprecation)} See ${deprecation.link}.`,
    description,
    isIdempotent && IDEMPOTENCY,
    responses[428] && PRECONDITION,
    describeBodyLimit(operation),
    describeDeadline(operation['x-deadline']),
  ]
    .filter(Boolean)
    .join('\n\n')
}

function describeBodyLimit({ 'x-body-limit': bytes }: Operation): string | undefined {
  return bytes === undefined ? undefined : `The body can have at most ${bytes} bytes.`
}

/** Sentences for the time limits of a route, by the names in its config. */
const DEADLINE_SENTENCES: Record<keyof RouteDeadline, (value: number) => string> = {
  requestTimeoutMs: (ms) => `The body may stall for ${ms / 1_000} s.`,
  replyTimeoutMs: (ms) => `The response begins within ${ms / 1_000} s.`,
  minBytesPerSecond: (bytes) => `Body and response must flow at ${bytes} bytes per second.`,
  maximumMs: (ms) => `The response ends within ${ms / 1_000} s of the request.`,
}

function describeDeadline(deadline: unknown): string {
  // The deadlines plugin has checked the names and values.
  const limits = Object.entries(Object(deadline)) as [keyof RouteDeadline, number][]
  return limits.map(([name, value]) => DEADLINE_SENTENCES[name](value)).join(' ')
}
