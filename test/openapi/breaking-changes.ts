import { createRequire } from 'node:module'
import { join } from 'node:path'
import { installTool } from './install.ts'

interface Deprecated {
  'x-deprecation'?: { sunset?: string }
}

interface Operation extends Deprecated {
  parameters?: { name?: string }[]
}

/** The members of an OpenAPI document that this comparison reads itself. */
export interface ComparedDocument {
  paths: Record<string, Record<string, Operation>>
}

/** A difference between two OpenAPI documents. */
interface Difference {
  type: 'breaking' | 'non-breaking' | 'annotation' | 'deprecated' | 'unclassified'
  action: 'add' | 'remove' | 'replace' | 'rename'
  /** Member names from the root of the released document. References have been replaced by their targets. */
  path: (string | number)[]
  /** Value in the released document. */
  before?: unknown
  after?: unknown
}

const folder = await installTool('compatibility')
const { compareOpenApi } = createRequire(join(folder, 'package.json'))('api-smart-diff')

/**
 * Returns the changes of an OpenAPI document that break clients, except those of operations, parameters and members
 * whose sunset is over. Components count only in the operations that refer to them.
 *
 * @param today date such as 2026-11-30
 * @returns such as `remove paths /books get responses 200 content application/json schema properties author`
 */
export function findBreakingChanges(
  released: ComparedDocument,
  current: ComparedDocument,
  today: string,
): string[] {
  const { diffs }: { diffs: Difference[] } = compareOpenApi(released, current)
  return diffs
    .filter(({ path: [root] }) => root === 'paths')
    .filter(isBreaking)
    .filter(({ path, before }) => {
      const values = [operationOf(released, path), before, Object(before).schema]
      return !values.some((value) => isOver(value, today))
    })
    .map((difference) => describe(difference, operationOf(released, difference.path)))
}

function operationOf({ paths }: ComparedDocument, [, path = '', method = '']: Difference['path']) {
  return paths[path]?.[method]
}

/** Describes a difference. Names items of lists by their names or values, since positions say little. */
function describe({ action, path, before, after }: Difference, operation?: Operation): string {
  const value = before ?? after
  const names = path.map((key, index) => {
    if (typeof key === 'string') return key
    if (path[index - 1] === 'parameters') {
      return operation?.parameters?.[key]?.name ?? Object(value).name ?? key
    }
    return index === path.length - 1 && typeof value === 'string' ? value : key
  })
  return [action, ...names].join(' ')
}

function isOver(value: unknown, today: string): boolean {
  const { 'x-deprecation': deprecation }: Deprecated = Object(value)
  return deprecation?.sunset !== undefined && deprecation.sunset <= today
}

/**
 * Corrects the library. It takes the rules of responses as the reverse of those of requests, which is wrong for changes
 * that break both.
 */
function isBreaking({ type, action, path, before, after }: Difference): boolean {
  const isResponse = path[3] === 'responses'
  const [parent, key] = path.slice(-2)
  // Names of XML elements mean nothing in other media types.
  if (parent === 'xml' && !/xml$/.test(String(path[path.indexOf('content') + 1]))) return false
  if (isResponse && action === 'add' && ['properties', 'required'].includes(String(parent))) {
    return false
  }
  // The service refuses members that it does not know.
  if (parent === 'properties' && action === 'remove') return true
  if (parent !== 'properties') {
    if (key === 'type') return isResponse ? !admits(before, after) : !admits(after, before)
    if (key === 'required' && path[5] === 'headers') return after !== true
    if (parent === 'xml' || (isResponse && (key === 'const' || key === 'format'))) {
      return action !== 'add'
    }
  }
  return type === 'breaking'
}

/** Returns true if the types of a JSON Schema admit all values of the other types. */
function admits(types: unknown, others: unknown): boolean {
  if (types === undefined) return true
  const admitted = [types].flat()
  return (
    others !== undefined &&
    [others].flat().every((other) => {
      return admitted.includes(other) || (other === 'integer' && admitted.includes('number'))
    })
  )
}
