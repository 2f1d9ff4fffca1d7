import { type Static, Type } from 'typebox'

const day = (description: string) => Type.String({ format: 'date', description })

/** Deprecation of an operation, or of a member of a query or a body. */
export const Deprecation = Type.Object({
  since: day('First day of the deprecation (UTC), which may be in the future'),
  sunset: Type.Optional(day('Day from which the operation or member may be gone (RFC 8594)')),
  link: Type.String({
    pattern: '^https?://[!#-;=?-~]+$',
    description: 'URL of a page about the replacement',
  }),
})
export type Deprecation = Static<typeof Deprecation>

/** A schema that may be deprecated. */
export interface Deprecated {
  deprecated?: boolean
  'x-deprecation'?: Deprecation
}

/**
 * Marks an operation or a member as deprecated. Add the result to the schema of a route, `{ operationId: 'listBooks',
 * ...deprecated({ since: '2026-12-01', link }) }`, or to the options of a member, `Type.String(deprecated(…))`.
 */
export function deprecated(deprecation: Deprecation) {
  return { deprecated: true, 'x-deprecation': deprecation } as const
}

/** A deprecated member of a request. */
export interface DeprecatedMember {
  /** Names from the part of the request to the member: `['query', 'sort']`, `['body', 'owner', 'name']`. */
  path: string[]
  deprecation: Deprecation
}

interface Schema extends Deprecated {
  properties?: Record<string, Schema>
  /** Schemas by media type. */
  content?: Record<string, { schema?: Schema }>
}

/** Returns the deprecated query parameters and members of the body of a route, except those in arrays. */
export function deprecatedMembers(schema: {
  querystring?: unknown
  body?: unknown
}): DeprecatedMember[] {
  const { querystring, body }: { querystring?: Schema; body?: Schema } = schema as object
  const bodies = body?.content ? Object.values(body.content).map((each) => each.schema) : [body]
  const members = [
    ...membersOf(querystring, ['query']),
    ...bodies.flatMap((each) => membersOf(each, ['body'])),
  ]
  // Bodies of several media types have the same members.
  return [...new Map(members.map((member) => [member.path.join('.'), member])).values()]
}

function membersOf(schema: Schema | undefined, path: string[]): DeprecatedMember[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([name, property]) => {
    const inner = [...path, name]
    const { 'x-deprecation': deprecation } = property
    return [...(deprecation ? [{ path: inner, deprecation }] : []), ...membersOf(property, inner)]
  })
}

/** Returns a sentence about a deprecation, without its link. */
export function describeDeprecation({ since, sunset }: Deprecation): string {
  return `Deprecated from ${since}${sunset ? `, may be gone from ${sunset}` : ''}.`
}
