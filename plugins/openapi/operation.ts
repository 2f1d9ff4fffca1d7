import { BODY_PARSERS } from '../../src/http/body.ts'
import { ANY } from '../../src/http/media-types.ts'
import { ANYWHERE, failureName, refer } from './failures.ts'
import { EVERY_REPLY, FIELDS_OF_STATUS, type ReplyField, type RequestField } from './fields.ts'
import type { Content, Operation, Parameter, Reference, Response } from './openapi.ts'

/** How a route that works with `request.once` describes its promise. */
const DONE_ONCE =
  'A request with Idempotency-Key is done once: for 24 hours the same request under the same key, ' +
  'octet for octet, gets the first answer again. While the first is being answered, that is 409; ' +
  'another request under the key is 422.'

/** What is asked of whoever changes what exists. */
const VERSION_WANTED = 'Where there is something already, If-Match has to name its version.'

const OTHERWISE = ' or, where Accept asks for it, '

/** The schemes of plugins/auth/index.ts, one of which is enough. */
const CREDENTIALS: CompleteOperation['security'] = [{ basic: [] }, { bearer: [] }]

/** What the wildcard of a path is called, which has no name. */
export const WILDCARD = 'path'

export interface CompleteOperation extends Operation {
  tags: string[]
  security: Record<string, string[]>[]
}

/**
 * Completes an operation with all that follows from the statuses that its route declares: who may
 * (401), which header fields it goes by (206, 304, 428), and those of its replies. To these come the
 * failures that are possible anywhere.
 *
 * @param method in lower case.
 * @param operation as it follows from the route's schema. Its `x-idempotency-key` says that it is done once under an
 * Idempotency-Key.
 */
export function completeOperation(
  method: string,
  path: string,
  { 'x-idempotency-key': once, ...operation }: Operation,
): CompleteOperation {
  const { operationId, summary, parameters = [], requestBody, responses } = operation
  const fields = requestFieldsOf(Object.keys(responses), once === true)
  const body = requestBody ?? (TAKING.includes(method) && { content: ANYTHING })
  return {
    tags: operation.tags ?? [tagOf(path)],
    ...(operationId && { operationId }),
    ...(summary && { summary }),
    description: describe(operation, once === true),
    parameters: [...parameters.map(nameWildcard), ...fields.map(referToParameter)],
    ...(body && { requestBody: { ...body, content: withExamples(body.content) } }),
    responses: completeResponses(responses),
    security: operation.security ?? (responses[401] ? CREDENTIALS : []),
  }
}

/**
 * Puts the example of a content back into its schema, which then is the same wherever it stands. That of XML
 * is text, where a schema is of data.
 */
function withExamples(content: Content): Content {
  return Object.fromEntries(
    Object.entries(content).map(([mediaType, { schema, example }]) => [
      mediaType,
      example === undefined || mediaType.endsWith('/xml')
        ? { schema, ...(example !== undefined && { example }) }
        : { schema: { ...schema, examples: [example] } },
    ]),
  )
}

/** Methods that send something. */
const TAKING = ['patch', 'post', 'put']

/** The first segment of a path, without what says its media type. */
function tagOf(path: string): string {
  return path.split(/[/.]/)[1] || 'root'
}

function describe({ description, responses }: Operation, once: boolean): string {
  const success = Object.entries(responses).find(([status]) => status < '300')?.[1]
  const [first, ...others] = Object.keys(Object(success).content ?? {})
  return [
    description,
    once && DONE_ONCE,
    responses[428] && VERSION_WANTED,
    first &&
      first !== ANY &&
      `Given as ${first}${others.length > 0 ? OTHERWISE + either(others) : ''}.`,
  ]
    .filter(Boolean)
    .join('\n\n')
}

function either(names: string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(names)
}

function requestFieldsOf(statuses: string[], once: boolean): RequestField[] {
  const has = (status: number) => statuses.includes(String(status))
  const may = (condition: boolean, ...fields: RequestField[]) => (condition ? fields : [])
  return [
    ...may(has(304), 'IfNoneMatch', 'IfModifiedSince', 'IfMatch', 'IfUnmodifiedSince'),
    ...may(has(206), 'Range', 'IfRange'),
    // what may be created has no version yet
    ...may(has(428) && has(201), 'IfMatch', 'IfNoneMatch', 'IfUnmodifiedSince'),
    ...may(has(428) && !has(201), 'IfMatchRequired', 'IfUnmodifiedSince'),
    ...may(once, 'IdempotencyKey'),
    'RequestId',
  ]
}

function referToParameter(name: RequestField): Reference {
  return { $ref: `#/components/parameters/${name}` }
}

function nameWildcard(parameter: Parameter | Reference): Parameter | Reference {
  return 'name' in parameter && parameter.name === '*'
    ? { ...parameter, name: WILDCARD }
    : parameter
}

/** What a route takes that says nothing of a body. */
const ANYTHING = Object.fromEntries(Object.keys(BODY_PARSERS).map((type) => [type, { schema: {} }]))

function completeResponses(declared: Operation['responses']): Operation['responses'] {
  const statuses = [...Object.keys(declared), ...ANYWHERE.map(String), 'default']
  return Object.fromEntries(
    [...new Set(statuses)].sort().map((status) => {
      const response = declared[status]
      if (response && 'description' in response && status < '400') {
        // RFC 9110 §15.4.5: what says that nothing is new has the fields of what it stands for
        const whole = status === '304' ? fieldsOf(declared[200]) : []
        return [status, completeSuccess(status, response, whole)]
      }
      return [status, { $ref: `#/components/responses/${failureName(status)}` }]
    }),
  )
}

function completeSuccess(status: string, response: Response, others: string[]): Response {
  const ofStatus: readonly ReplyField[] = FIELDS_OF_STATUS[Number(status)] ?? []
  const fields = new Set([...EVERY_REPLY, ...ofStatus, ...fieldsOf(response), ...others])
  return { ...response, headers: refer([...fields]) }
}

/** The header fields that a route's schema names for a response. */
function fieldsOf(response: Response | Reference | undefined): string[] {
  return Object.keys(Object(response).headers ?? {})
}
