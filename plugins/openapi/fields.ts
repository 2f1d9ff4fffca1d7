import type { ResponseField } from '../../src/schemas/responses.ts'
import type { Header, Parameter } from './openapi.ts'

/** As long as the fields of a message may be, all together. */
const LONGEST = 16_384

interface Wording {
  required?: boolean
  pattern?: string
  maxLength?: number
}

function header(
  description: string,
  example: string,
  { required = false, pattern, maxLength = LONGEST }: Wording = {},
): Header {
  const schema = { type: 'string', maxLength, ...(pattern !== undefined && { pattern }) }
  return { description, ...(required && { required }), schema, example }
}

const TAG = '(?:W/)?"[!#-~]*"'
const DATE = '^\\w{3}, \\d{2} \\w{3} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT$'
const REQUEST_ID = '^[\\w.~+/=:-]{1,128}$'
const REQUIRED = { required: true }

const A_TAG = '"3.9f86d081884c7d65-json"'
const A_DATE = 'Sun, 06 Nov 1994 08:49:37 GMT'
const AN_ID = '8e5f2b1c-7a54-4f6e-9a0b-4d2f1c3e5a6b'

/** Header fields of replies, by name. One that is required is in every reply that names it. */
export const REPLY_FIELDS = {
  Accept: header('The media types that are taken (RFC 9110 §12.5.1)', 'application/json'),
  'Accept-Encoding': header('The content codings that are taken (RFC 9110 §12.5.3)', 'identity'),
  'Accept-Patch': header(
    'The media types of a patch that are taken (RFC 5789 §3.1)',
    'application/merge-patch+json, application/json-patch+json',
  ),
  'Accept-Ranges': header('That a part may be asked for (RFC 9110 §14.3)', 'bytes', {
    ...REQUIRED,
    pattern: '^bytes$',
  }),
  Allow: header('The methods that there are (RFC 9110 §10.2.1)', 'GET, HEAD, OPTIONS'),
  'Cache-Control': header('How this may be kept (RFC 9111 §5.2)', 'no-store', REQUIRED),
  'Content-Disposition': header(
    'That this is to be saved, and as what (RFC 6266)',
    'attachment; filename="a.txt"',
  ),
  'Content-Range': header('Which octets these are, of how many (RFC 9110 §14.4)', 'bytes 0-9/12', {
    ...REQUIRED,
    pattern: '^bytes (?:\\d+-\\d+|\\*)/\\d+$',
  }),
  ETag: header('The version of this representation (RFC 9110 §8.8.3)', A_TAG, {
    ...REQUIRED,
    pattern: `^${TAG}$`,
  }),
  'Last-Modified': header(
    'When it was last changed, once that second is over (RFC 9110 §8.8.2)',
    A_DATE,
    { pattern: DATE },
  ),
  Link: header('Where to go from here (RFC 8288 §3)', '</>; rel="first"', REQUIRED),
  Location: header('Where that which was created is (RFC 9110 §10.2.2)', '/items/1', {
    ...REQUIRED,
    pattern: '^/[!-~]+$',
  }),
  RateLimit: header(
    'How many requests are left, and in how many seconds there are all again',
    '"requests";r=599;t=60',
    { pattern: '^"requests";r=\\d+;t=\\d+$' },
  ),
  'RateLimit-Policy': header(
    'How many requests a client has in how many seconds',
    '"requests";q=600;w=60',
    { pattern: '^"requests";q=\\d+;w=\\d+$' },
  ),
  'Retry-After': header('After how many seconds to try again (RFC 9110 §10.2.3)', '1', {
    pattern: '^\\d+$',
  }),
  Vary: header('What this representation was chosen by (RFC 9110 §12.5.5)', 'Accept', {
    ...REQUIRED,
    pattern: '\\bAccept\\b',
  }),
  'WWW-Authenticate': header(
    'How to authenticate, and what for: a challenge each (RFC 9110 §11.6.1)',
    'Basic realm="Example"',
    REQUIRED,
  ),
  'X-Request-Id': header('What the log knows this request by', AN_ID, {
    ...REQUIRED,
    pattern: REQUEST_ID,
  }),
} satisfies Record<ResponseField, Header>
export type ReplyField = ResponseField

/** Fields that every reply may have. */
export const EVERY_REPLY = ['X-Request-Id', 'Vary', 'RateLimit-Policy', 'RateLimit'] as const

/** Fields of a success or a redirect, by status. */
export const FIELDS_OF_STATUS: Record<number, readonly ReplyField[]> = {
  201: ['Location'],
  206: ['Content-Range'],
  304: ['ETag', 'Last-Modified'],
}

/** One that need not be there has its example in the schema, where consoles do not take it for a default. */
function field(name: string, ...wording: Parameters<typeof header>): Parameter {
  const { example, ...rest } = header(...wording)
  return rest.required
    ? { name, in: 'header', ...rest, example }
    : { name, in: 'header', ...rest, schema: { ...rest.schema, examples: [example] } }
}

const tags = `^[ \\t,]*(?:\\*|${TAG}(?:[ \\t]*,[ \\t,]*${TAG})*)[ \\t,]*$`

/** Header fields of requests that routes go by; what is in them is checked by the parsers in `src/http`. */
export const REQUEST_FIELDS = {
  IdempotencyKey: field(
    'Idempotency-Key',
    'Has this be done once, however often it is sent: a text that no other request had',
    `"${AN_ID}"`,
    { pattern: '^(?:"(?:[ !#-\\[\\]-~]|\\\\["\\\\])+"|[!#-+\\--:<-~]+)$', maxLength: 512 },
  ),
  IfMatch: field('If-Match', 'The version that is meant: its ETag (RFC 9110 §13.1.1)', A_TAG, {
    pattern: tags,
  }),
  IfMatchRequired: field(
    'If-Match',
    'The version that is to be changed: its ETag, or `*` for any (RFC 9110 §13.1.1)',
    '*',
    { ...REQUIRED, pattern: tags },
  ),
  IfModifiedSince: field(
    'If-Modified-Since',
    'The Last-Modified of what the client has (RFC 9110 §13.1.3)',
    A_DATE,
  ),
  IfNoneMatch: field(
    'If-None-Match',
    'The ETag of what the client has, or `*` where there should be nothing (RFC 9110 §13.1.2)',
    A_TAG,
    { pattern: tags },
  ),
  IfRange: field(
    'If-Range',
    'The ETag or Last-Modified of what the client has a part of (RFC 9110 §13.1.5)',
    A_TAG,
  ),
  IfUnmodifiedSince: field(
    'If-Unmodified-Since',
    'The Last-Modified of the version that is meant (RFC 9110 §13.1.4)',
    A_DATE,
  ),
  Range: field('Range', 'The octets that are asked for (RFC 9110 §14.2)', 'bytes=0-9'),
  RequestId: field('X-Request-Id', 'What the log is to know this request by', AN_ID, {
    pattern: REQUEST_ID,
  }),
} satisfies Record<string, Parameter>
export type RequestField = keyof typeof REQUEST_FIELDS
