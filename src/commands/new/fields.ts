/** Parses the fields of a resource: `title:line`, `dueAt:timestamp?`, `code:line!`, `owner:ref(users)`. */
import { snakeCase } from '../../storage/snake-case.ts'
import { FIELD_TYPES, type FieldType } from './field-types.ts'
import { capitalize, withArticle, wordsOf } from './names.ts'
import type { Related } from './related.ts'
import { languageThatReserves } from './reserved-names.ts'

export interface Field extends FieldType {
  /** `dueAt`; `ownerId` for a reference */
  member: string
  /** `due_at` */
  column: string
  isOptional: boolean
  isUnique: boolean
  isBoolean: boolean
  /** Values of an enum. */
  choices?: string[]
  /** Resource to which a reference refers. */
  target?: Related
}

const FIELD = /^(?<name>[^:]*):(?<type>[a-z]+)(?:\((?<content>[^()]*)\))?(?<marks>[?!]*)$/
const MEMBER = /^[a-z][a-z\d]*(?:[A-Z][a-z\d]*)*$/
const CHOICE = /^[\w-]+$/

/**
 * Members that every resource has, query parameters of every list, members of every object, such as `valueOf`, and
 * `then`, with which await takes an object for a promise.
 */
const RESERVED = [
  ...['id', 'version', 'revision', 'revisionNonce'],
  ...['limit', 'sort', 'after', 'before'],
  ...Object.getOwnPropertyNames(Object.prototype),
  'then',
]

/**
 * Parses the fields of a resource.
 *
 * @param load returns a resource by the name of its folder
 * @throws {Error}
 */
export async function parseFields(
  texts: string[],
  load: (folder: string) => Promise<Related>,
): Promise<Field[]> {
  if (texts.length === 0) {
    throw new Error('name at least one field, such as title:line')
  }
  const fields: Field[] = []
  for (const text of texts) {
    const field = await parseField(text, load)
    if (fields.some(({ column }) => column === field.column)) {
      throw new Error(`there are two fields ${field.member}`)
    }
    fields.push(field)
  }
  if (fields.every(({ isOptional }) => isOptional)) {
    throw new Error('at least one field must be required: remove a ?')
  }
  return fields
}

async function parseField(
  text: string,
  load: (folder: string) => Promise<Related>,
): Promise<Field> {
  const { name = '', type = '', content, marks = '' } = FIELD.exec(text)?.groups ?? {}
  if (!type) {
    throw new Error(`${text} is not a field: write NAME:TYPE, such as title:line or dueAt:date?`)
  }
  if (!MEMBER.test(name)) {
    throw new Error(`the field ${name} has a wrong name: use letters and digits, such as dueAt`)
  }
  const target = type === 'ref' ? await load(contentOf(text, content)) : undefined
  const member = target ? `${name}Id` : name
  if (RESERVED.includes(member)) throw new Error(`${member} is reserved: rename the field`)
  const language = languageThatReserves(member)
  // The list has a filter for each enum, so that the name is also that of a parameter.
  if (language && type === 'enum') {
    throw new Error(
      `${member} has another meaning in generated clients (${language}): rename the field, such as ${member}Name`,
    )
  }
  const described = target ? referenceTo(target) : typeOf(text, type, content)
  const isUnique = marks.includes('!')
  if (isUnique && described.isUnsuitableAsKey) {
    throw new Error(`${text}: a field of the type ${type} cannot be unique, remove the !`)
  }
  return {
    ...described,
    ...(type === 'line' && { examples: linesFor(name) }),
    member,
    column: snakeCase(member),
    isOptional: marks.includes('?'),
    isUnique,
    isBoolean: type === 'boolean',
    ...(target && { target }),
  }
}

function linesFor(name: string): FieldType['examples'] {
  return [capitalize(withArticle(name)), `Another ${wordsOf(name)}`]
}

/** @throws {Error} for a type without the content in parentheses that it needs */
function contentOf(text: string, content: string | undefined): string {
  if (content) return content
  throw new Error(`${text}: write the type as enum(open,done) or ref(users)`)
}

function typeOf(
  text: string,
  type: string,
  content: string | undefined,
): FieldType & { choices?: string[] } {
  if (type === 'enum') return enumOf(text, contentOf(text, content).split(','))
  const found = Object.hasOwn(FIELD_TYPES, type) ? FIELD_TYPES[type] : undefined
  if (found && content === undefined) return found
  const names = [...Object.keys(FIELD_TYPES), 'enum(a,b)', 'ref(users)'].join(' ')
  throw new Error(`${text} has an unknown type; the types are ${names}`)
}

function enumOf(text: string, choices: string[]) {
  const [first, second] = choices
  const isDistinct = new Set(choices).size === choices.length
  if (second === undefined || !isDistinct || !choices.every((each) => CHOICE.test(each))) {
    throw new Error(
      `${text}: name two or more different values of letters, digits, _ and -, such as enum(open,done)`,
    )
  }
  const values = choices.map((choice) => `'${choice}'`)
  return {
    choices,
    schema: (description: string) =>
      `Type.Enum([${values.join(', ')}], { description: ${description} })`,
    rowType: values.join(' | '),
    sqlType: 'dialect.text',
    examples: [first, second] as const,
    invalid: `not-${choices.join('-')}`,
    isUnsuitableAsKey: true as const,
  }
}

function referenceTo({ folder, exampleId }: Related): FieldType {
  return {
    helper: 'reference',
    schema: (description) => `reference('/${folder}', ${description}, ${exampleId})`,
    rowType: 'number',
    sqlType: 'dialect.integer',
    examples: [exampleId, exampleId],
    invalid: 0,
    isUnsuitableAsKey: true,
  }
}
