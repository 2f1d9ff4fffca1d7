import { ANY } from '../../src/http/media-types.ts'
import type { Operation } from './openapi.ts'

const IDEMPOTENCY =
  'A request with Idempotency-Key is executed once. For 24 hours, a repeat with the same key and the same ' +
  'bytes gets the first response again. While the first request is being handled, a repeat gets 409. A ' +
  'different request with the key gets 422.'

const PRECONDITION = 'If the resource exists, If-Match with its current ETag is required.'

/** Writes the description of an operation: the text of its route, then sentences derived from its schema. */
export function describeOperation(operation: Operation, isIdempotent: boolean): string {
  const { description, responses } = operation
  return [
    description,
    isIdempotent && IDEMPOTENCY,
    responses[428] && PRECONDITION,
    describeMediaTypes(responses),
  ]
    .filter(Boolean)
    .join('\n\n')
}

function describeMediaTypes(responses: Operation['responses']): string | undefined {
  const success = Object.entries(responses).find(([status]) => status < '300')?.[1]
  const [first, ...others] = Object.keys(Object(success).content ?? {})
  if (!first || first === ANY) return undefined
  if (others.length === 0) return `Returns ${first}.`
  return `Returns ${first} by default, or ${oneOf(others)} if Accept prefers it.`
}

function oneOf(names: string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(names)
}
