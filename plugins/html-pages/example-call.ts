import type { Scheme } from '../../src/http/authentication-schemes.ts'
import { kindOf } from '../../src/http/body.ts'
import type { Fragment } from '../../src/http/html.ts'
import { hasResponse, type RouteInfo } from '../../src/http/route-info.ts'
import type { Draft } from './body.ts'
import type { CurlRequest, TrialAccount } from './curl.ts'
import type { Schema } from './example.ts'
import { fillTemplate } from './url-template.ts'

/** A parameter of a request, as an input of a form. */
export interface Input {
  name: string
  in: 'path' | 'query' | 'header'
  schema: Schema
  /** Initial value; empty if the parameter is not sent. */
  value: string
  /** True if the form shows the input above the optional header fields. */
  isRequired: boolean
  /** Sentence below the input. */
  hint?: Fragment
  /** True if a button reads the ETag of the resource into the input. */
  readsTag?: boolean
}

/** A request that a page suggests, as a form and as a command. */
export interface ExampleCall {
  route: RouteInfo
  /** Absolute URL, with `{name}` for each path parameter in `inputs`. */
  url: string
  inputs: Input[]
  /** Media types for Accept, the default first. */
  accepts: string[]
  /** One draft for each media type; empty if the route accepts no body. */
  drafts: Draft[]
  /** Authentication schemes that the service accepts. */
  schemes: readonly Scheme[]
  account?: TrialAccount | undefined
  /** URL of the list to which the resource belongs, with `{name}` for each path parameter. */
  list?: string | undefined
}

export function mayRequireCredentials(route: RouteInfo): boolean {
  return hasResponse(route, 401)
}

/** Header fields of a call whose resource has this entity tag, which is empty if not known. */
export function writeInputs(route: RouteInfo, etag: string): Input[] {
  const header = (name: string, value: string, isRequired: boolean): Input => {
    return { name, in: 'header', schema: { type: 'string' }, value, isRequired }
  }
  return [
    ...(hasResponse(route, 428) ? [header('If-Match', etag, true)] : []),
    ...(route.schema['x-idempotency-key'] === true ? [header('Idempotency-Key', '', false)] : []),
  ]
}

const JSON_ESSENCE = 'application/json'

/** Returns the media types of the route's successes: JSON first if there is any, otherwise as declared. */
export function acceptsOf({ schema }: RouteInfo): string[] {
  const responses: Record<string, unknown> = Object(schema.response)
  const successes = Object.entries(responses).filter(([status]) => /^2/.test(status))
  const found = new Set(
    successes.flatMap(([, response]) => Object.keys(Object(response).content ?? {})),
  )
  if (found.size > 0 && !found.has(JSON_ESSENCE)) return [...found]
  return [...new Set([JSON_ESSENCE, ...found])]
}

/** Returns the request of a call, with the first draft as its body. */
export function exampleRequest(call: ExampleCall): CurlRequest {
  const {
    route,
    inputs,
    accepts: [accept = JSON_ESSENCE],
    drafts: [draft],
    schemes: [scheme],
    account,
  } = call
  const given = inputs.filter(({ value }) => value !== '')
  const headers = given.filter((input) => input.in === 'header')
  return {
    method: route.method,
    url: urlOf(call.url, given),
    scheme: route.isProtected ? scheme : undefined,
    account,
    fields: {
      accept,
      ...Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
      ...(draft && { 'content-type': draft.mediaType }),
    },
    body: draft && bodyOf(draft),
  }
}

function urlOf(template: string, inputs: Input[]): string {
  const path = inputs.filter((input) => input.in === 'path')
  const query = inputs.filter((input) => input.in === 'query')
  const url = fillTemplate(
    template,
    Object.fromEntries(path.map((each) => [each.name, each.value])),
  )
  const pairs = query.map(
    ({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  return pairs.length > 0 ? `${url}?${pairs.join('&')}` : url
}

/** Returns the body of a draft, with JSON on a single line; null for a file. */
function bodyOf({ mediaType, text, parts }: Draft): CurlRequest['body'] {
  if (text === undefined) return parts ?? null
  return kindOf(mediaType) === 'json' ? JSON.stringify(JSON.parse(text)) : text
}
