import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import zlib from 'node:zlib'
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { essenceOf } from '../../src/http/media-types.ts'
import { ProblemDocument } from '../../src/http/problem.ts'
import { openApiViolations } from '../openapi/responses.ts'
import { contentOf } from './requests.ts'
import type { Contents, Route, Service } from './service.ts'
import { type Exchange, send } from './session.ts'
import { type JsonSchema, membersOf } from './values.ts'

/** Statuses that a response may have if a plugin sent it before any route handled the request. */
const BEFORE_ROUTES = [
  204, // OPTIONS
  400, // invalid Host; path or query that is not percent-encoded UTF-8
  403, // a write from a page of another origin
  404,
  405,
  414, // the target, or a segment of it, is too long
  417,
  501,
]

/** Asserts the rules that hold for every response. */
export function checkExchange(exchange: Exchange, { app, routes }: Service) {
  checkStatus(exchange, routes)
  checkFields(exchange, routes)
  checkContent(exchange, routes)
  assert.deepEqual(
    openApiViolations(app, exchange.request, exchange.reply),
    [],
    'the response differs from the OpenAPI document',
  )
}

function checkStatus({ request, reply, route }: Exchange, routes: Route[]) {
  const { statusCode: status } = reply
  const declared = route ? Object.keys(route.schema.response).map(Number) : BEFORE_ROUTES
  assert(declared.includes(status), `${status} is not declared`)
  assert(status < 500 || status === 501, `${status} means that the service failed`)
  const isImplemented = routes.some(({ methods }) => methods.includes(request.method))
  assert(
    status !== 501 || !isImplemented,
    `the status is 501, although ${request.method} is implemented`,
  )
}

/** Header fields that a status requires, with patterns of their values. */
const REQUIRED: Record<number, Record<string, RegExp>> = {
  201: { location: /^\/[!-~]+$/ },
  206: { 'content-range': /^bytes \d+-\d+\/\d+$/ },
  401: {
    'www-authenticate':
      /^Basic realm="Example", charset="UTF-8",Bearer realm="Example"(?:, error="invalid_token")?$/,
  },
  403: { 'www-authenticate': /^Bearer realm="Example", error="insufficient_scope"/ },
  405: { allow: /^[A-Z]+(?:, [A-Z]+)*$/ },
  416: { 'content-range': /^bytes \*\/\d+$/ },
}

function checkFields(exchange: Exchange, routes: Route[]) {
  const { request, reply, route } = exchange
  const { statusCode: status, headers } = reply
  const isForeign = status === 403 && request.headers.origin !== undefined
  const required = {
    'x-request-id': /^[\w.~+/=:-]{1,128}$/,
    'x-content-type-options': /^nosniff$/,
    vary: /\bAccept\b(?!-)/,
    'cache-control': cachingOf(exchange),
    ...(!isForeign && REQUIRED[status]),
    ...(route &&
      isVersioned(route, routes, status) &&
      !isMinimal(reply) && { etag: /^(?:W\/)?"[!#-~]+"$/ }),
  }
  for (const [name, expected] of Object.entries(required)) {
    assert.match(String(headers[name]), expected, `${name} is ${headers[name]}`)
  }
  if (status === 405)
    assert(
      !String(headers.allow).split(', ').includes(request.method),
      'Allow of a 405 lists the method',
    )
  if (status === 415)
    assert(
      headers.accept ?? headers['accept-encoding'],
      '415 names no accepted media type or coding',
    )
}

const DIRECTIVE = '[\\w-]+(?:=(?:\\d+|"[^"]*"))?'
const CACHE_CONTROL = new RegExp(`^${DIRECTIVE}(?:, ${DIRECTIVE})*$`)

/** Returns the pattern of Cache-Control. No cache gives a response that depends on credentials to other clients. */
function cachingOf({ request, reply, route }: Exchange): RegExp {
  if (reply.statusCode >= 400) return /^no-store$/
  const isProtected = route?.schema.response[401] && request.headers.authorization !== undefined
  return isProtected ? /^(?:private|no-store)\b/ : CACHE_CONTROL
}

/** Returns true if the client got no content because of `Prefer: return=minimal`. */
function isMinimal({ headers }: Exchange['reply']): boolean {
  return headers['preference-applied'] === 'return=minimal'
}

/** Returns true if the response must have an ETag, because the 200 of GET declares it. */
function isVersioned({ url }: Route, routes: Route[], status: number) {
  const read = routes.find((other) => other.url === url && other.methods.includes('GET'))
  const hasTag = read?.schema.response[200]?.headers?.ETag !== undefined
  return hasTag && [200, 201, 206, 304].includes(status)
}

const DECODERS: Record<string, (bytes: Buffer) => Buffer> = {
  br: zlib.brotliDecompressSync,
  deflate: zlib.inflateSync,
  gzip: zlib.gunzipSync,
  zstd: zlib.zstdDecompressSync,
}

function checkContent({ request, reply, route }: Exchange, routes: Route[]) {
  const { statusCode: status, headers, rawPayload } = reply
  const mediaType = headers['content-type']
  if (status === 204 || status === 304 || isMinimal(reply)) {
    assert.equal(rawPayload.length, 0, `${status} has content`)
    assert.equal(mediaType, undefined, `${status} has a media type`)
    assert(status !== 204 || headers['content-length'] === undefined, '204 has a Content-Length')
    return
  }
  assert(mediaType, 'the response has no media type')
  if (request.method === 'HEAD') {
    assert.equal(rawPayload.length, 0, 'HEAD has content')
    return
  }
  const coding = headers['content-encoding']
  const length = headers['content-length'] ?? (coding && rawPayload.length) // a compressed response has no Content-Length
  assert.equal(Number(length), rawPayload.length, 'Content-Length is not the length of the body')
  const decode = DECODERS[String(coding ?? '')]
  assert(decode || !coding, `the content coding ${coding} is unknown`)
  const content = decode ? decode(rawPayload) : rawPayload
  checkDocument(status, String(mediaType), String(content), route)
  // After a patch, errors also name members that the schema does not declare.
  const isOfConstraint = status === 409 || (status === 422 && request.method !== 'PATCH')
  if (route && isOfConstraint && essenceOf(String(mediaType)).endsWith('json'))
    checkViolations(JSON.parse(String(content)), route, routes)
}

/** Texts in errors of SQLite and PostgreSQL about constraints. */
const DATABASE_ERROR = /sqlite|constraint failed|violates|duplicate key|null value in column/i

/** Asserts that a refused write names members that the schema of the request declares. */
function checkViolations(
  { errors = [] }: Static<typeof ProblemDocument>,
  route: Route,
  routes: Route[],
) {
  const [schemas, stored] = contentOf(route, routes)
  if (stored.patternProperties) return // any name is declared
  const members = {
    body: [...Object.values(schemas), stored].flatMap(membersOf).map(([name]) => name),
    params: Object.keys(route.schema.params?.properties ?? {}),
  }
  for (const { in: part, pointer } of errors) {
    const [, name = ''] = pointer.split('/')
    const declared = members[part as keyof typeof members]
    assert(!name || declared?.includes(name), `${part} has no member ${pointer}`)
  }
}

/** Problem details have all members that RFC 9457 defines for each problem. */
const DETAILS = { ...ProblemDocument, required: ['type', 'title', ...ProblemDocument.required] }

/** Error documents by media type. */
const ERRORS = {
  'application/json': { schema: ProblemDocument },
  'application/xml': { schema: ProblemDocument },
  'application/problem+json': { schema: DETAILS },
  'application/problem+xml': { schema: DETAILS },
  'text/plain': { schema: {} },
  'text/html': { schema: {} },
} as Contents

function checkDocument(status: number, mediaType: string, text: string, route?: Route) {
  const essence = essenceOf(mediaType)
  const declared = route && status < 400 ? route.schema.response[status]?.content : ERRORS
  if (declared?.['*/*']) return
  const schema = (declared?.[mediaType] ?? declared?.[essence])?.schema
  assert(schema, `${essence} is not declared`)
  if (essence.endsWith('json')) checkJson(status, JSON.parse(text), schema)
  if (essence.endsWith('xml')) checkXml(status, text)
  if (status < 400) return
  assert.doesNotMatch(text, DATABASE_ERROR, 'the document shows an error of the database')
  if (essence === 'text/plain')
    assert(text.startsWith(`${status} `), 'the text shows a status other than that of the response')
  if (essence === 'text/html')
    assert(
      text.includes(`<h1>${status} `),
      'the page shows a status other than that of the response',
    )
}

const validators = new Map<JsonSchema, ReturnType<typeof Compile>>()

function checkJson(status: number, data: { status?: number }, schema: JsonSchema) {
  const validator = validators.get(schema) ?? Compile(schema)
  validators.set(schema, validator)
  const errors = validator.Check(data) ? [] : validator.Errors(data) // `Check` is faster
  assert.deepEqual(errors, [], 'the document does not fit its schema')
  if (status >= 400)
    assert.equal(data.status, status, 'the document shows a status other than that of the response')
}

function checkXml(status: number, text: string) {
  const { root } = parseXml(text)
  if (status < 400) return
  const member = root?.children.find((node) => node instanceof XmlElement && node.name === 'status')
  assert.equal(
    (member as XmlElement | undefined)?.text,
    String(status),
    'the document shows a status other than that of the response',
  )
}

/**
 * Sends follow-up requests, and asserts that HEAD agrees with GET, that the URL in Location exists, and that a
 * repeat with the same Idempotency-Key gets the same response.
 */
export async function checkSequel(exchange: Exchange, service: Service) {
  const { request, reply, route } = exchange
  if (request.method === 'HEAD' && route) await checkHead(exchange, service)
  if (reply.statusCode !== 201) return
  const url = String(reply.headers.location)
  const { accept = '*/*' } = request.headers
  const created = await send(service, { method: 'GET', url, headers: { accept } })
  assert.equal(created.reply.statusCode, 200, 'GET of the URL in Location does not return 200')
  checkExchange(created, service)
  const isKeyed = route?.schema['x-idempotency-key'] && request.headers['idempotency-key']
  if (isKeyed) checkRepeat(reply, (await send(service, request)).reply)
}

/**
 * Asserts that the response to HEAD has the header fields of the response to GET (RFC 9110 §9.3.2). Range is ignored
 * for HEAD (§14.2).
 */
async function checkHead({ request, reply }: Exchange, service: Service) {
  const get = await send(service, { ...request, method: 'GET' })
  checkExchange(get, service)
  if ([206, 416].includes(get.reply.statusCode)) return
  if (isDeepStrictEqual(factsOf(reply), factsOf(get.reply))) return
  // Last-Modified is absent during the second in which the resource was created. If this second has ended after the HEAD,
  // GET returned Last-Modified, or 412, and so does another HEAD.
  const again = await send(service, request)
  assert.deepEqual(factsOf(again.reply), factsOf(get.reply), 'HEAD differs from GET')
}

/** Returns the status and the header fields, except those that are different in every response. */
function factsOf({ statusCode, headers }: Exchange['reply']) {
  const { date, 'x-request-id': id, ...facts } = headers
  return { statusCode, ...facts }
}

/** Asserts that both responses have the same status, Location, ETag and body. The first may lack Last-Modified. */
function checkRepeat(first: Exchange['reply'], repeat: Exchange['reply']) {
  const [was, is] = [first, repeat].map(({ statusCode, headers: { location, etag }, body }) => {
    return { statusCode, location, etag, body }
  })
  assert.deepEqual(is, was, 'the response to a repeat differs')
}
