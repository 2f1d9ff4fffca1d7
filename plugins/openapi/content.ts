import { BODY_KINDS, type BodyKind, kindOf } from '../../src/http/body.ts'
import { essenceOf, JSON_TYPE } from '../../src/http/media-types.ts'
import type { Content, Schema } from './openapi.ts'

const JSON_ESSENCE = essenceOf(JSON_TYPE)

/** Puts JSON first, since many generators of clients use only the first media type. */
export function putJsonFirst(content: Content): Content {
  const json = content[JSON_ESSENCE]
  return json ? { [JSON_ESSENCE]: json, ...content } : content
}

/**
 * Puts JSON first, and moves examples into their schema, so that equal schemas become one component. The first example
 * is also beside the schema, where Postman looks for it. An example of XML is only there, since it is text, but the
 * schema describes data.
 */
export function completeContent(content: Content): Content {
  const entries = Object.entries(putJsonFirst(content))
  return Object.fromEntries(
    entries.map(([mediaType, { schema, example, examples }]) => {
      if (kindOf(mediaType) === 'xml') {
        return [mediaType, { schema, ...(example !== undefined && { example }) }]
      }
      // The generator lists several examples by name.
      const values = examples ? Object.values(examples).map(({ value }) => value) : [example]
      const [first] = values
      if (first === undefined) return [mediaType, { schema }]
      return [mediaType, { schema: { ...schema, examples: values }, example: first }]
    }),
  )
}

const TEXT = 'A text'
const FORM = { type: 'object', examples: [{ text: TEXT }] }
const FIELD = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }

/** Bodies of a route without a body schema. */
const ANY_BODY: Record<BodyKind, { schema: Schema; example?: unknown }> = {
  text: { schema: { type: 'string', examples: [TEXT] } },
  json: { schema: { description: 'Any value', examples: [{ text: TEXT }] } },
  xml: {
    schema: { description: 'Any document without a document type declaration' },
    example: `<text>${TEXT}</text>`,
  },
  form: { schema: { ...FORM, description: 'Any fields', additionalProperties: FIELD } },
  multipart: { schema: { ...FORM, description: 'Any fields and files' } },
  bytes: {
    schema: {
      description: 'Any bytes',
      contentMediaType: 'application/octet-stream',
      examples: [TEXT],
    },
  },
}

/** Request body of a route without a body schema: all media types that the service can parse. */
export const ANY_CONTENT: Content = Object.fromEntries(
  Object.entries(BODY_KINDS).map(([mediaType, kind]) => [mediaType, ANY_BODY[kind]]),
)
