/** Names of a resource and its members, in the forms that the written files use. */
import { snakeCase } from '../../storage/snake-case.ts'
import { languageThatReserves } from './reserved-names.ts'

export interface Names {
  /** Folder and path: `line-items`. */
  folder: string
  /** Table: `line_items`. */
  table: string
  /** `lineItems` */
  plural: string
  /** `LineItems` */
  pluralType: string
  /** `lineItem` */
  singular: string
  /** `LineItem` */
  type: string
}

const NAME = /^[a-z][a-z\d]*(?:-[a-z\d]+)*$|^[a-z][a-zA-Z\d]*$/

/** Plurals whose singular the rules below would get wrong. */
const IRREGULAR = [
  'cookies',
  'indices',
  'matrices',
  'movies',
  'news',
  'series',
  'species',
  'vertices',
]

/** Endings of plurals with the endings of the singular, or undefined if the singular can have several. */
const ENDINGS: [RegExp, string | undefined][] = [
  [/(?<=..)ies$/, 'y'],
  [/sses$/, 'ss'],
  [/xes$/, 'x'],
  [/shes$/, 'sh'],
  [/(?:[osvz]es|ches|ies|[isu]s)$/, undefined],
  [/s$/, ''],
]

/** Names that the written files use otherwise, and reserved words of JavaScript. */
const TAKEN = `
  constructor content found generated id key number object pageRequest params read reply row selectable session static
  string type value version versioned
  await break case catch class const continue debugger default delete do else enum export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return super
  switch this throw true try typeof var void while with yield`
  .trim()
  .split(/\s+/)

/** Folders whose path or table a plugin has, or whose table SQLite would refuse. */
const TAKEN_FOLDERS = /^(?:docs|idempotency-keys|metrics|sqlite-.*)$/

/**
 * Returns the names of a resource.
 *
 * @param name the plural, in kebab case or lower camel case
 * @param singular in the same case; by default, derived from the plural
 * @throws {Error}
 */
export function namesOf(name: string, singular = singularOf(name)): Names {
  for (const each of [name, singular]) {
    if (!NAME.test(each)) {
      throw new Error(
        `the name is ${JSON.stringify(each)}: use lower-case words, such as tasks or line-items`,
      )
    }
  }
  const [one, many] = [camelCase(singular), camelCase(name)]
  if (one === many) throw new Error(`the singular must differ from the plural, ${name}`)
  const taken = [one, many].find((each) => TAKEN.includes(each) || /^new[A-Z]/.test(each))
  if (taken) {
    throw new Error(`${taken} has another meaning in the code of a resource: use another name`)
  }
  const folder = snakeCase(many).replaceAll('_', '-')
  if (TAKEN_FOLDERS.test(folder)) {
    throw new Error(`the service needs the path or the table of ${folder}: use another name`)
  }
  for (const type of [capitalize(one), capitalize(many)]) {
    const language = languageThatReserves(type)
    if (language) {
      throw new Error(
        `${type} has another meaning in generated clients (${language}): use another name`,
      )
    }
  }
  return {
    folder,
    table: snakeCase(many),
    plural: many,
    pluralType: capitalize(many),
    singular: one,
    type: capitalize(one),
  }
}

/** @throws {Error} if the singular is not certain */
function singularOf(plural: string): string {
  const [ending, replacement] = ENDINGS.find(([ending]) => ending.test(plural)) ?? []
  const isIrregular = IRREGULAR.some((each) => plural.toLowerCase().endsWith(each))
  if (!ending || replacement === undefined || isIrregular) {
    throw new Error(`the singular of ${plural} is not certain: add --singular NAME`)
  }
  return plural.replace(ending, replacement)
}

/** `line-items` becomes `lineItems`. */
export function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

export function capitalize(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}

/** `dueAt` becomes `due at`. */
export function wordsOf(name: string): string {
  return snakeCase(name).replaceAll('_', ' ')
}

/** Returns a noun after `a` or `an`: `a task`, `an owner`. */
export function withArticle(name: string): string {
  const words = wordsOf(name)
  return `${/^(?:[aeio]|hour|u(?!se|ni))/.test(words) ? 'an' : 'a'} ${words}`
}
