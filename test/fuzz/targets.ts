import fc from 'fast-check'
import type { Route } from './service.ts'
import { ID, type JsonSchema, seldom, text, valuesOf } from './values.ts'

/** Placeholder for an id that no resource has yet. */
export const NEW_ID = '{new}'

/** Placeholder for the cursor of the second page. */
export const CURSOR = '{cursor}'

const PARAMETER = /^(?::(\w+)|\*)$/

/**
 * Generates paths that match a route. If a PUT can create resources, some paths name resources that do not exist.
 *
 * @param stored names of the parameters that identify resources
 */
export function pathOf({ url, methods, schema }: Route, stored: string[]): fc.Arbitrary<string> {
  const createsResources = methods.includes('PUT') && schema.response[201] !== undefined
  const segments = url.split('/').map((segment) => {
    const name = PARAMETER.exec(segment)?.[1] ?? segment
    const parameter = schema.params?.properties?.[name]
    if (!parameter) return fc.constant(segment)
    const isLast = name === stored.at(-1)
    if (isLast) return fc.constantFrom(ID, ...(createsResources ? [NEW_ID] : []))
    if (stored.includes(name)) return fc.constant(`{${name}}`)
    return valuesOf(parameter).map((value) => encodeURIComponent(String(value)))
  })
  return fc.tuple(...segments).map((values) => values.join('/'))
}

const ENCODED = '%00 %2F %2e%2e %zz % %ff %ED%A0%80 %F0%9F%98%80'.split(' ')

const ODD_SEGMENTS = [
  ...'0 -1 2 007 1e3 0x10 1.5 9007199254740993 999999999999 1000000000001'.split(' '),
  ...'x . .. * ;a=1 __proto__'.split(' '),
  ...ENCODED,
  '',
  'x'.repeat(101),
  '%41'.repeat(101),
  'x'.repeat(9_000),
]

/** Generates paths that almost match a route, or do not match it at all. */
export function oddPathOf(paths: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const segment = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ODD_SEGMENTS) },
    { weight: 1, arbitrary: text.map(encodeURIComponent) },
  )
  const last = /[^/]*$/
  return fc.tuple(paths, segment, fc.nat(4)).map(([path, odd, kind]) => {
    if (kind === 0) return `${path}/${odd}`
    if (kind === 1) return `/${odd}${path}`
    return path.replace(last, () => odd)
  })
}

/** Maximum number of parameters of a query, since lists refuse most combinations of several filters. */
const MAX_PARAMETERS = 3

/** Generates queries with some parameters of a route. If the route has no parameters, it ignores the query. */
export function queryOf({ schema }: Route): fc.Arbitrary<string> {
  const properties = Object.entries(schema.querystring?.properties ?? {})
  if (properties.length === 0) return seldom(fc.constant('?any=1')).map((query) => query ?? '')
  const maxLength = Math.min(MAX_PARAMETERS, properties.length)
  return fc
    .shuffledSubarray(properties, { maxLength })
    .chain((chosen) => fc.tuple(...chosen.map((each) => parameterOf(...each))))
    .map((pairs) => (pairs.length > 0 ? `?${pairs.join('&')}` : ''))
}

function parameterOf(name: string, schema: JsonSchema): fc.Arbitrary<string> {
  if (name === 'after' || name === 'before') return fc.constant(`${name}=${CURSOR}`)
  return valuesOf(schema).map((values) =>
    [values]
      .flat()
      .map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
      .join('&'),
  )
}

const ODD_VALUES = [
  ...`0 101 1e1 -id = + a=b ? # ' WzFd ${CURSOR}`.split(' '),
  ...ENCODED,
  '',
  'x'.repeat(3_000),
  'x'.repeat(9_000),
]

/** Generates queries with known and unknown names, and with values that are seldom valid. */
export function oddQueryOf({ schema }: Route): fc.Arbitrary<string> {
  const known = Object.keys(schema.querystring?.properties ?? {})
  const names = ['', '__proto__', 'constructor', 'a[b]', '%ff', ...known]
  const value = fc.oneof(fc.constantFrom(...ODD_VALUES), text.map(encodeURIComponent))
  const pair = fc.tuple(fc.constantFrom(...names), fc.constantFrom('=', ''), value)
  return fc
    .array(pair, { minLength: 1, maxLength: 3 })
    .map((pairs) => `?${pairs.map((each) => each.join('')).join('&')}`)
}
