import { join } from 'node:path'
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { Compile } from 'typebox/schema'
import { BEFORE_OPERATIONS, failureName } from '../../plugins/openapi/failures.ts'

import type {
  Document,
  Header,
  Operation,
  Reference,
  Response,
} from '../../plugins/openapi/openapi.ts'
import { essenceOf } from '../../src/http/media-types.ts'
import { HTTPS_SECURITY_FIELDS } from '../../src/http/security-fields.ts'

/** The contract as it is kept with the code. */
export const CONTRACT = join(import.meta.dirname, '../../docs/openapi.yaml')

type Reply = Pick<LightMyRequestResponse, 'statusCode' | 'headers' | 'body'>

/**
 * Compares a reply with what the app's contract says of it: its status, its fields and its content.
 *
 * @returns how it differs; nothing where it does not.
 */
export function breachesOf(
  app: FastifyInstance,
  request: { method: string; url: string },
  reply: Reply,
): string[] {
  // what serves the metrics alone has none
  if (!app.hasDecorator('contract')) return []
  const document = app.contract()
  const operation = operationOf(document, request)
  // tests have routes of their own, which promise nothing
  if (operation && operation.operationId === undefined) return []
  const status = String(reply.statusCode)
  const declared = operation ? operation.responses[status] : undefined
  if (operation && !declared && !BEFORE_OPERATIONS.includes(Number(status))) {
    return [`${status} is not declared`]
  }
  if (!declared && !(status >= '400')) return []
  const fallback = document.components.responses[failureName(status)]
  const response =
    resolve<Response>(document, declared) ?? fallback ?? document.components.responses.Failure
  if (!response) return [`${status} is described nowhere`]
  return [
    ...breachesOfFields(document, response, reply),
    ...(request.method === 'HEAD' ? [] : breachesOfContent(document, response, reply)),
  ]
}

/** The operation that a request is of; of HEAD that of GET. */
export function operationOf(
  document: Document,
  { method, url }: { method: string; url: string },
): Operation | undefined {
  // as `inject` reads it: what names no host begins with two slashes too
  const path = new URL(`http://localhost${url}`).pathname
  const handled = (method === 'HEAD' ? 'GET' : method).toLowerCase()
  const templates = Object.keys(document.paths).filter((template) => matches(template, path))
  // what names the path itself goes before what has parameters
  const [best] = templates.sort((a, b) => a.split('{').length - b.split('{').length)
  return best === undefined ? undefined : document.paths[best]?.[handled]
}

function matches(template: string, path: string): boolean {
  const expression = template
    .replaceAll('.', '\\.')
    .replace('{path}', '.+')
    .replace(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${expression}$`).test(path)
}

/** Fields that HTTP or the server itself adds, and those that every reply has: the contract says so once. */
const UNLISTED = [
  ...Object.keys(HTTPS_SECURITY_FIELDS),
  'access-control-allow-origin',
  'access-control-expose-headers',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'debug-trace', // with DEBUG
  'keep-alive',
  'transfer-encoding',
]

/** Fields of a success that a failure behind it may keep. */
const LEFT_OVER = ['accept-patch', 'accept-ranges', 'cache-control']

function breachesOfFields(document: Document, response: Response, reply: Reply): string[] {
  const declared = Object.entries(response.headers ?? {}).map(([name, header]) => {
    const resolved = resolve<Header>(document, header)
    return { name: name.toLowerCase(), header: resolved }
  })
  const known = [...UNLISTED, ...declared.map(({ name }) => name)]
  if (reply.statusCode >= 400) known.push(...LEFT_OVER)
  return [
    ...Object.keys(reply.headers)
      .filter((name) => !known.includes(name))
      .map((name) => `the field ${name} is not declared`),
    ...declared.flatMap(({ name, header }) => {
      const value = reply.headers[name]
      if (value === undefined) return header?.required ? [`the field ${name} is missing`] : []
      return errorsOf(document, header?.schema ?? {}, String(value)).map(
        (error) => `the field ${name}: ${value} ${error}`,
      )
    }),
  ]
}

function breachesOfContent(document: Document, { content }: Response, reply: Reply): string[] {
  const mediaType = String(reply.headers['content-type'] ?? '')
  if (!content) return reply.body === '' && !mediaType ? [] : ['there should be no content']
  const declared = content[mediaType] ?? content[essenceOf(mediaType)] ?? content['*/*']
  if (!declared) return [`the media type ${mediaType} is not declared`]
  const schema = declared.schema ?? {}
  if (declared === content['*/*']) return []
  if (reply.headers['content-encoding'] !== undefined) return []
  if (/\bjson\b/.test(mediaType)) return errorsOf(document, schema, JSON.parse(reply.body))
  if (/\bxml\b/.test(mediaType)) return breachesOfXml(document, schema, reply.body)
  return []
}

const validators = new WeakMap<Document, Map<string, ReturnType<typeof Compile>>>()

function errorsOf(document: Document, schema: object, value: unknown): string[] {
  const known = validators.get(document) ?? new Map<string, ReturnType<typeof Compile>>()
  validators.set(document, known)
  const key = JSON.stringify(schema)
  const validator = known.get(key) ?? Compile({ ...schema, components: document.components })
  known.set(key, validator)
  const [fits, errors] = validator.Errors(value)
  return fits ? [] : errors.map((error) => `${error.instancePath} ${error.message}`)
}

/** XML has no types: what is looked at is the name of the document, and which members there are. */
function breachesOfXml(document: Document, schema: object, text: string): string[] {
  const { xml, required = [] } = (resolve(document, schema) ?? {}) as {
    xml?: { name: string }
    required?: string[]
  }
  const { root } = parseXml(text)
  const names = root?.children.flatMap((node) => (node instanceof XmlElement ? [node.name] : []))
  return [
    ...(xml && xml.name !== root?.name ? [`the document is ${root?.name}, not ${xml.name}`] : []),
    ...required.filter((name) => !names?.includes(name)).map((name) => `there is no ${name}`),
  ]
}

/** Gives what a reference refers to, or the value itself. */
export function resolve<Value extends object>(
  document: Document,
  value: Value | Reference | object | undefined,
): Value | undefined {
  if (value === undefined || !('$ref' in value)) return value as Value | undefined
  let found: unknown = document
  for (const key of String(value.$ref).split('/').slice(1)) found = Object(found)[key]
  return found as Value | undefined // what the document refers to is of the kind
}
