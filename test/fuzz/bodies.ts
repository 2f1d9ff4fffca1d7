import fc from 'fast-check'
import { JSON_PATCH, MERGE_PATCH } from '../../src/http/patch.ts'
import { ID, type JsonSchema, membersOf, text, valuesOf } from './values.ts'

export type Body = string | Uint8Array

/** A body with its header fields. */
export interface Content {
  headers: Record<string, string>
  body?: Body
}

/** Body limit of the fuzzed service. It is small, so that bodies over the limit are cheap to send. */
export const BODY_LIMIT_BYTES = 10_000

const BOUNDARY = 'a'

const json = (value: fc.Arbitrary<unknown>) =>
  fc
    .tuple(value, fc.constantFrom('', ' '))
    .map(([data, indent]) => JSON.stringify(data, null, indent))

const bytes = fc.uint8Array({ maxLength: 40 })

const xml = fc
  .tuple(fc.constantFrom('a', 'b:c', 'é'), text.map(escapeXml), text.map(escapeXml))
  .map(([name, attribute, content]) => `<${name} of="${attribute}">${content}</${name}>`)

function escapeXml(value: string) {
  return value.replace(/[<&"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

const form = fc
  .array(fc.tuple(text, text), { maxLength: 3 })
  .map((pairs) => String(new URLSearchParams(pairs)))

const part = (fileName: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fileName,
      fc.constantFrom('', 'Content-Type: text/html; charset=utf-8\r\n', 'Content-Type: a\r\n'),
      text,
    )
    .map(
      ([name, type, content]) =>
        `Content-Disposition: form-data; name="f"${name}\r\n${type}\r\n${content}`,
    )

const file = part(
  fc.constantFrom('; filename="a.txt"', '; filename="../é"', "; filename*=UTF-8''%41"),
)
/** Generates parts of a multipart body that are form fields, or files without a usable name. */
const field = part(fc.constantFrom('', '; filename=""', '; filename', "; filename*=UTF-8''%00"))

const multipart = (parts: fc.Arbitrary<string[]>) =>
  parts.map((each) =>
    [...each.map((one) => `--${BOUNDARY}\r\n${one}\r\n`), `--${BOUNDARY}--\r\n`].join(''),
  )

/** Generates valid bodies of a media type. */
function bodyOf(mediaType: string, schema: JsonSchema, stored: JsonSchema): fc.Arbitrary<Body> {
  const bodies: Record<string, () => fc.Arbitrary<Body>> = {
    'text/plain': () => text,
    [MERGE_PATCH]: () => json(mergePatchOf(stored)),
    [JSON_PATCH]: () => json(jsonPatchOf(stored)),
    'application/xml': () => xml,
    'text/xml': () => xml,
    'application/x-www-form-urlencoded': () => form,
    'multipart/form-data': () => multipart(file.map((one) => [one])),
    'application/octet-stream': () => bytes,
  }
  return bodies[mediaType]?.() ?? json(valuesOf(schema))
}

/** Generates merge patches of one member, of all members, or of any members. */
function mergePatchOf(stored: JsonSchema) {
  const members = membersOf(stored).map(([name, schema]) =>
    valuesOf(schema).map((value) => ({ [name]: value })),
  )
  return fc.oneof(...members, valuesOf(stored), fc.object({ maxDepth: 2 }))
}

/** Generates JSON patches. Most of their operations refer to existing members. */
function jsonPatchOf(stored: JsonSchema) {
  const operations = membersOf(stored).map(([name, schema]) =>
    fc.record({
      op: fc.constantFrom('add', 'replace', 'replace', 'test'),
      path: fc.constant(`/${name}`),
      value: valuesOf(schema),
    }),
  )
  const any = fc.record(
    {
      op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
      path: pointer(stored),
      from: pointer(stored),
      value: fc.jsonValue({ maxDepth: 1 }),
    },
    { requiredKeys: ['op', 'path'] },
  )
  const one = fc.oneof(...operations, ...operations, any)
  return fc.array(one, { minLength: 1, maxLength: 3 })
}

function pointer(stored: JsonSchema) {
  const names = membersOf(stored).map(([name]) => `/${name}`)
  return fc.constantFrom('', '/', '/__proto__', '/constructor/name', '/~01', `/${ID}/0`, ...names)
}

/** Generates different spellings of the same media type, with lower or upper case and with various parameters. */
function spelling(mediaType: string): fc.Arbitrary<string> {
  const parameters =
    mediaType === 'multipart/form-data'
      ? [`; boundary=${BOUNDARY}`, `;boundary="${BOUNDARY}"; charset=utf-8`]
      : ['', '; charset=utf-8', ';charset="UTF-8"', ' ; a="b;c"']
  return fc
    .tuple(fc.constantFrom(mediaType, mediaType.toUpperCase()), fc.constantFrom(...parameters))
    .map((pieces) => pieces.join(''))
}

/** Bodies that no route accepts, except routes that accept any bytes. */
const ODD_BODIES: Body[] = [
  '',
  '{"__proto__":{"a":1}}',
  '{"a":1,"a":2}',
  '"\\ud800"',
  '1e999',
  '['.repeat(10_000),
  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  '<a>'.repeat(3_000),
  `--${BOUNDARY}\r\n`.repeat(200),
  'a=%ff&b=%zz',
  Uint8Array.of(0xff, 0xfe, 0),
  Uint8Array.of(0xed, 0xa0, 0x80),
]

const ODD_TYPES = [
  '*/*',
  '',
  'json',
  'application/json, text/plain',
  'application/json; charset=latin1',
  'application/vnd.example+json',
  'image/png',
  'multipart/form-data',
]

const PIECES = ['', '"', '{', ']', ',', '\0', '\\', '\\ud800', '\\u0000', '<', '&', 'null', '1e999']

/** Generates text bodies with up to three characters replaced by other text, and binary bodies without their start. */
function mutated(bodies: fc.Arbitrary<Body>): fc.Arbitrary<Body> {
  const piece = fc.constantFrom(...PIECES)
  return fc
    .tuple(bodies, fc.nat(200), fc.nat(3), fc.oneof(piece, text))
    .map(([body, from, length, inserted]) =>
      typeof body === 'string'
        ? body.slice(0, from) + inserted + body.slice(from + length)
        : body.subarray(from),
    )
}

/**
 * Generates bodies that a route accepts.
 *
 * @param schemas schemas of the body by media type
 * @param stored schema of the resource as a client may write it
 */
export function goodContent(schemas: Record<string, JsonSchema>, stored: JsonSchema) {
  const kinds = Object.entries(schemas).map(([mediaType, schema]) =>
    fc.record({
      headers: fc.record({ 'content-type': spelling(mediaType) }),
      body: bodyOf(mediaType, schema, stored),
    }),
  )
  return fc.oneof(...kinds)
}

/** Generates bodies that are invalid for a route, or for every route. */
export function oddContent(schemas: Record<string, JsonSchema>, stored: JsonSchema) {
  const good = goodContent(schemas, stored)
  const bodies = good.map(({ body }) => body)
  const headers = good.map((each) => each.headers)
  const oddHeaders = fc.record(
    {
      'content-type': fc.constantFrom(...ODD_TYPES),
      'content-encoding': fc.constantFrom('gzip', 'identity', 'x'),
      'content-range': fc.constant('bytes 0-0/1'),
    },
    { requiredKeys: [] },
  )
  const parts = fc.array(fc.oneof(file, field), { maxLength: 3 })
  const oddBodies = fc.oneof(fc.constantFrom(...ODD_BODIES), bytes, fc.json(), multipart(parts))
  return fc.oneof(
    fc.record({ headers, body: mutated(bodies) }),
    fc.record({ headers, body: bodies }), // a body with the Content-Type of another body
    fc.record({ headers, body: oddBodies }),
    fc.record({ headers, body: fc.constant('x'.repeat(BODY_LIMIT_BYTES + 1)) }),
    fc.record({ headers: oddHeaders, body: bodies }),
    fc.record({ headers: fc.oneof(headers, oddHeaders) }),
    fc.constant({ headers: {} }),
  )
}
