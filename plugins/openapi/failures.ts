import { essenceOf, HTML } from '../../src/http/media-types.ts'
import {
  ErrorDocument,
  PROBLEM_TYPES,
  type Problem,
  ProblemDocument,
  reasonOf,
  writeProblem,
} from '../../src/http/problem.ts'
import { EVERY_REPLY, REPLY_FIELDS, type ReplyField } from './fields.ts'
import type { Content, Response } from './openapi.ts'

/** A status of RFC 9110 §15.5 and §15.6 or another: when it comes, what it says and brings. */
interface Failure {
  when: string
  detail?: string
  violations?: Problem['violations']
  fields?: readonly ReplyField[]
  /** Those that it need not bring, though others do. */
  mayHave?: readonly ReplyField[]
}

const FAILURES: Record<number, Failure> = {
  400: {
    when: 'The request is malformed, or a member of it does not fit',
    detail: 'params/id must be integer',
    violations: [{ in: 'params', pointer: '/id', message: 'must be integer' }],
  },
  401: { when: 'Nobody has authenticated', fields: ['WWW-Authenticate'] },
  403: {
    when: 'The account lacks the scope that WWW-Authenticate names, or a page of another origin writes',
    detail: 'scope write is required',
    mayHave: ['WWW-Authenticate'],
  },
  404: { when: 'There is nothing here', detail: 'http://127.0.0.1:5000/0' },
  406: {
    when: 'Accept names nothing that there is',
    detail: 'no acceptable media type; available: application/json',
  },
  409: {
    when: 'The state is another than the request takes it for, or the same request is being answered',
  },
  412: {
    when: 'The version is another than the one that was named',
    detail: 'If-Match: the resource has changed, and so has its ETag',
  },
  413: { when: 'The body is too large', detail: 'the body is larger than 1048576 bytes' },
  415: {
    when: 'The body is in a media type, a charset or a content coding that is not taken',
    detail: 'text/plain; supported: application/json',
    fields: ['Accept', 'Accept-Encoding', 'Accept-Patch'],
  },
  416: {
    when: 'There are no such octets',
    detail: 'the representation has 12 bytes',
    fields: ['Content-Range'],
  },
  422: { when: 'This is well-formed, and cannot be done' },
  428: {
    when: 'The version that is to be changed was not named',
    detail: 'If-Match with the current ETag is required',
  },
  429: {
    when: 'The client has sent too many requests, or there were too many failed logins',
    detail: 'limit of 600 requests per minute reached',
    fields: ['Retry-After'],
  },
  500: { when: 'Something went wrong inside; the log knows what, under the id' },
  503: { when: 'This cannot be done now', fields: ['Retry-After'] },
  507: { when: 'There is no room left' },
}

/** Failures of every operation: at any of them a request may be malformed, one too many, or fail. */
export const ANYWHERE = [400, 406, 429, 500, 503]

/** Failures before there is an operation: no description of one lists them. */
export const BEFORE_OPERATIONS = [405, 408, 414, 417, 431, 501, 505]

const OTHERS =
  'Any other failure. Before a request comes to an operation it may be refused with ' +
  `${BEFORE_OPERATIONS.join(', ')}; of these 405 has Allow.`

/** What each status is described by, `default` for those that no operation lists. */
export function failures(): Record<string, Response> {
  const listed = Object.entries(FAILURES).map(([status, failure]) => [
    failureName(status),
    responseOf({ status: Number(status), ...failure }),
  ])
  const headers = refer([...EVERY_REPLY, 'Allow'])
  const other = { description: OTHERS, headers, content: contentOf() }
  return { ...Object.fromEntries(listed), [failureName('default')]: other }
}

/** What a failure is called among the components: its reason phrase without spaces. */
export function failureName(status: string): string {
  return status === 'default' ? 'Failure' : reasonOf(Number(status)).replaceAll(' ', '')
}

function responseOf({ when, fields = [], mayHave = [], ...problem }: Failure & Problem): Response {
  return {
    description: `${reasonOf(problem.status)}: ${when}`,
    headers: { ...refer([...EVERY_REPLY, ...fields]), ...optional(mayHave) },
    content: contentOf(problem),
  }
}

function optional(fields: readonly ReplyField[]) {
  return Object.fromEntries(
    fields.map((name) => [name, { ...REPLY_FIELDS[name], required: false }]),
  )
}

export function refer(fields: readonly string[]) {
  return Object.fromEntries(fields.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** The document of an error in all of its media types, with what the service would write as example. */
function contentOf(problem?: Problem): Content {
  return Object.fromEntries(
    PROBLEM_TYPES.map((mediaType) => {
      const essence = essenceOf(mediaType)
      const isProblem = essence.startsWith('application/problem+')
      const data = isProblem ? ProblemDocument : ErrorDocument
      const schema = essence.startsWith('text/') ? { type: 'string' } : data
      // of XML it would have to be data too, and a page is long and looks like any other
      const hasExample = problem && !essence.endsWith('xml') && mediaType !== HTML
      return [essence, { schema, ...(hasExample && { example: exampleOf(problem, mediaType) }) }]
    }),
  )
}

function exampleOf(problem: Problem, mediaType: string): unknown {
  const text = writeProblem(problem, mediaType)
  return mediaType.includes('json') ? JSON.parse(text) : text
}
