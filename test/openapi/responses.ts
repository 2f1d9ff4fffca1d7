import { join } from 'node:path'
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { Compile } from 'typebox/schema'
import { failureName, UNROUTED_FAILURES } from '../../plugins/openapi/failures.ts'
import type { Document, Operation, Reference, Response } from '../../plugins/openapi/openapi.ts'
import { essenceOf } from '../../src/http/media-types.ts'
import { HTTPS_SECURITY_FIELDS } from '../../src/http/security-fields.ts'
import type { Header } from '../../src/schemas/header.ts'

/** The OpenAPI document in the repository. */
export const OPENAPI_FILE = join(import.meta.dirname, '../../docs/openapi.yaml')

type TestResponse = Pick<LightMyRequestResponse, 'statusCode' | 'headers' | 'body'>

/**
 * Compares the status, header fields and content of a response with the app's OpenAPI document.
 *
 * @returns the violations; empty if there are none
 */
export function openApiViolations(
  app: FastifyInstance,
  request: { method: string; url: string },
  received: TestResponse,
): string[] {
  // The admin app has no OpenAPI document.
  if (!app.hasDecorator('openApiDocument')) return []
  const document = app.openApiDocument()
  const operation = operationOf(document, request)
  // Routes that a test adds have no operationId, and declare nothing.
  if (operation && operation.operationId === undefined) return []
  const status = String(received.statusCode)
  const declared = operation ? operation.responses[status] : undefined
  if (operation && !declared && !UNROUTED_FAILURES.includes(Number(status))) {
    return [`${status} is not declared`]
  }
  if (!declared && !(status >= '400')) return []
  const fallback = document.components.responses[failureName(status)]
  const response =
    resolve<Response>(document, declared) ?? fallback ?? document.components.responses.Failure
  if (!response) return [`${status} has no description`]
  return [
    ...fieldViolations(document, response, received),
    ...(request.method === 'HEAD' ? [] : contentViolations(document, response, received)),
  ]
}

/** Returns the operation of a request. For HEAD, this is the operation of GET. */
function operationOf(
  document: Document,
  { method, url }: { method: string; url: string },
): Operation | undefined {
  // A path may begin with two slashes, which `new URL(url, base)` would read as a host.
  const path = new URL(`http://localhost${url}`).pathname
  const handled = (method === 'HEAD' ? 'GET' : method).toLowerCase()
  const templates = Object.keys(document.paths).filter((template) => matches(template, path))
  // A fixed path takes precedence over a path with parameters.
  const [best] = templates.sort((a, b) => a.split('{').length - b.split('{').length)
  return best === undefined ? undefined : document.paths[best]?.[handled]
}

/** Regular expressions by path template. */
const expressions = new Map<string, RegExp>()

function matches(template: string, path: string): boolean {
  const expression = expressions.get(template) ?? expressionOf(template)
  expressions.set(template, expression)
  return expression.test(path)
}

function expressionOf(template: string): RegExp {
  const expression = template
    .replaceAll('.', '\\.')
    .replace('{path}', '.+')
    .replace(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${expression}$`)
}

/** Header fields that the document need not list for each response. Node sets them, or docs/http.md lists them. */
const UNLISTED = [
  ...Object.keys(HTTPS_SECURITY_FIELDS),
  'access-control-allow-origin',
  'access-control-expose-headers',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'debug-trace', // only with DEBUG
  'keep-alive',
  'transfer-encoding',
]

/** Header fields that a hook or the handler may have set before the failure. */
const FIELDS_KEPT_BY_FAILURES = ['accept-patch', 'accept-ranges', 'deprecation', 'sunset']

function fieldViolations(document: Document, response: Response, received: TestResponse): string[] {
  const declared = Object.entries(response.headers ?? {}).map(([name, header]) => {
    const resolved = resolve<Header>(document, header)
    return { name: name.toLowerCase(), header: resolved }
  })
  const known = [...UNLISTED, ...declared.map(({ name }) => name)]
  if (received.statusCode >= 400) known.push(...FIELDS_KEPT_BY_FAILURES)
  return [
    ...Object.keys(received.headers)
      .filter((name) => !known.includes(name))
      .map((name) => `the field ${name} is not declared`),
    ...declared.flatMap(({ name, header }) => {
      const value = received.headers[name]
      if (value === undefined) return header?.required ? [`the field ${name} is missing`] : []
      return errorsOf(document, header?.schema ?? ANY_VALUE, String(value)).map(
        (error) => `the field ${name}: ${value} ${error}`,
      )
    }),
  ]
}

function contentViolations(
  document: Document,
  { content }: Response,
  received: TestResponse,
): string[] {
  const mediaType = String(received.headers['content-type'] ?? '')
  // OpenAPI cannot declare that content is optional.
  const isMinimal = received.headers['preference-applied'] === 'return=minimal'
  if (isMinimal && received.body === '' && !mediaType) return []
  if (!content)
    return received.body === '' && !mediaType
      ? []
      : ['the response has content, but none is declared']
  const declared = content[mediaType] ?? content[essenceOf(mediaType)] ?? content['*/*']
  // `info` says that errors are also available as text and HTML.
  if (received.statusCode >= 400 && mediaType.startsWith('text/')) return []
  if (!declared) return [`the media type ${mediaType} is not declared`]
  const schema = declared.schema ?? ANY_VALUE
  if (declared === content['*/*']) return []
  if (received.headers['content-encoding'] !== undefined) return []
  if (/\bjson\b/.test(mediaType)) return errorsOf(document, schema, JSON.parse(received.body))
  if (/\bxml\b/.test(mediaType)) return xmlViolations(document, schema, received.body)
  return []
}

/** Schema of header fields and content for which the document has no schema. */
const ANY_VALUE = {}

type Validator = ReturnType<typeof Compile>

/**
 * Caches compiled validators. Each validator has two keys: the JSON text of its schema, so that equal schemas are
 * compiled only once, and the schema object, whose lookup is faster because the texts are long.
 */
const validators = new WeakMap<Document, Map<object | string, Validator>>()

function validatorOf(document: Document, schema: object): Validator {
  const known = validators.get(document) ?? new Map<object | string, Validator>()
  validators.set(document, known)
  const found = known.get(schema)
  if (found) return found
  const text = JSON.stringify(schema)
  const validator = known.get(text) ?? Compile({ ...schema, components: document.components })
  known.set(text, validator)
  known.set(schema, validator)
  return validator
}

/** Returns how a value differs from a schema of the document. */
export function errorsOf(document: Document, schema: object, value: unknown): string[] {
  const validator = validatorOf(document, schema)
  if (validator.Check(value)) return [] // faster than collecting errors
  const [, errors] = validator.Errors(value)
  return errors.map((error) => `${error.instancePath} ${error.message}`)
}

/** Checks only the name of the root element and the required members, since XML has no types. */
function xmlViolations(document: Document, schema: object, text: string): string[] {
  // A name beside a reference replaces that of the component.
  const { xml, required = [] } = { ...resolve(document, schema), ...schema } as {
    xml?: { name: string }
    required?: string[]
  }
  const { root } = parseXml(text)
  const names = root?.children.flatMap((node) => (node instanceof XmlElement ? [node.name] : []))
  return [
    ...(xml && xml.name !== root?.name ? [`the document is ${root?.name}, not ${xml.name}`] : []),
    ...required
      .filter((name) => !names?.includes(name))
      .map((name) => `the member ${name} is missing`),
  ]
}

/** Returns the target of a reference, or the value itself if it is not a reference. */
export function resolve<Value extends object>(
  document: Document,
  value: Value | Reference | object | undefined,
): Value | undefined {
  if (value === undefined || !('$ref' in value)) return value as Value | undefined
  let found: unknown = document
  for (const key of String(value.$ref).split('/').slice(1)) found = Object(found)[key]
  return found as Value | undefined // references in the document lead to components of the expected kind
}
