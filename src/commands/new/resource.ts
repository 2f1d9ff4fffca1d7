import { snakeCase } from '../../storage/snake-case.ts'
import type { Field } from './fields.ts'
import type { Names } from './names.ts'
import type { Related } from './related.ts'

/** A resource to be written. */
export interface Resource extends Names {
  fields: Field[]
  parent?: Related
}

/** An id that no resource has. */
export const MISSING_ID = 999_999

/** Returns a value as an expression of TypeScript. */
export function literal(value: unknown): string {
  return JSON.stringify(value)
}

/** Returns the body of a request with the first or the second examples. */
export function exampleOf(fields: Field[], position: 0 | 1): Record<string, unknown> {
  return Object.fromEntries(fields.map(({ member, examples }) => [member, examples[position]]))
}

/** Member of the example of a patch, which is unique only if all are. */
export function patchedOf(fields: Field[]): Field {
  const [first] = fields.toSorted((a, b) => Number(a.isUnique) - Number(b.isUnique))
  return first as Field // a resource has a field
}

/** Members by which the list can be filtered. */
export function filtersOf({ fields }: Resource): Field[] {
  return fields.filter(({ choices, target }) => choices || target)
}

/** Path of the list, with parameters. */
export function listPath({ folder, parent }: Resource): string {
  return parent ? `/${parent.folder}/:${parent.parameter}/${folder}` : `/${folder}`
}

/** Parameter of the path of an item. */
export function parameterOf({ singular }: Resource): string {
  return `${singular}Id`
}

/** Column with the id of the parent. */
export function scopeOf({ singular }: Related): string {
  return `${snakeCase(singular)}_id`
}
