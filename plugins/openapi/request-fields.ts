import {
  ENTITY_TAG,
  EXAMPLE_DATE,
  EXAMPLE_ID,
  EXAMPLE_TAG,
  type HeaderOptions,
  header,
  REQUEST_ID,
  REQUIRED,
} from '../../src/schemas/header.ts'
import { MAX_COUNT } from '../../src/storage/list.ts'
import type { Parameter } from './openapi.ts'

function parameter(
  name: string,
  description: string,
  example: string,
  options?: HeaderOptions,
): Parameter {
  const described = header(description, example, options)
  if (described.required) return { name, in: 'header', ...described }
  // Viewers such as Swagger UI would send an example that is not in the schema, although the field is optional.
  const { example: _moved, schema, ...rest } = described
  return { name, in: 'header', ...rest, schema: { ...schema, examples: [example] } }
}

const TAG_LIST = `^[ \\t,]*(?:\\*|${ENTITY_TAG}(?:[ \\t]*,[ \\t,]*${ENTITY_TAG})*)[ \\t,]*$`

/** Header fields of requests, by component name. The parsers in `src/http` check the values. */
export const REQUEST_FIELDS = {
  IdempotencyKey: parameter(
    'Idempotency-Key',
    'Unique key of the request; the service does not execute a repeat with the same key',
    `"${EXAMPLE_ID}"`,
    { pattern: '^(?:"(?:[ !#-\\[\\]-~]|\\\\["\\\\])+"|[!#-+\\--:<-~]+)$', maxLength: 512 },
  ),
  IfMatch: parameter(
    'If-Match',
    'ETag that the resource must currently have (RFC 9110 §13.1.1)',
    EXAMPLE_TAG,
    { pattern: TAG_LIST },
  ),
  IfMatchRequired: parameter(
    'If-Match',
    'ETag that the resource must currently have, or `*` for any ETag (RFC 9110 §13.1.1)',
    '*',
    { ...REQUIRED, pattern: TAG_LIST },
  ),
  IfModifiedSince: parameter(
    'If-Modified-Since',
    "Last-Modified of the client's copy (RFC 9110 §13.1.3)",
    EXAMPLE_DATE,
  ),
  IfNoneMatch: parameter(
    'If-None-Match',
    "ETag of the client's copy, or `*` if the resource must not exist (RFC 9110 §13.1.2)",
    EXAMPLE_TAG,
    { pattern: TAG_LIST },
  ),
  IfRange: parameter(
    'If-Range',
    "ETag or Last-Modified of the client's partial copy (RFC 9110 §13.1.5)",
    EXAMPLE_TAG,
  ),
  IfUnmodifiedSince: parameter(
    'If-Unmodified-Since',
    'Time after which the resource must not have changed (RFC 9110 §13.1.4)',
    EXAMPLE_DATE,
  ),
  Prefer: parameter(
    'Prefer',
    '`return=minimal` for a response without content, or `return=representation` (RFC 7240 §4.2)',
    'return=minimal',
  ),
  PreferCount: parameter(
    'Prefer',
    '`count=exact` or `count=estimated` for the number of items on all pages, in X-Total-Count. Up to ' +
      `${MAX_COUNT.toLocaleString('en')} items are counted. If there are more, the number is an estimate with ` +
      '`count=estimated`, as far as the database has one',
    'count=exact',
  ),
  ByteRange: parameter('Range', 'Requested range of bytes (RFC 9110 §14.2)', 'bytes=0-9'),
  RequestId: parameter(
    'X-Request-Id',
    'Id of the request in the log; the service generates one if absent',
    EXAMPLE_ID,
    { pattern: REQUEST_ID },
  ),
} satisfies Record<string, Parameter>
export type RequestField = keyof typeof REQUEST_FIELDS
