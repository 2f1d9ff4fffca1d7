/** Writes `seed.ts`. */
import type { Related } from './related.ts'
import { exampleOf, literal, type Resource } from './resource.ts'

export function writeSeed(resource: Resource): string {
  const { type, fields, parent } = resource
  const targets = fields.flatMap(({ target }) => target ?? [])
  const related = Map.groupBy([...(parent ? [parent] : []), ...targets], ({ folder }) => folder)
  const each = [...related.values()].flatMap(([first]) => first ?? [])
  const members = Object.entries(exampleOf(fields, 0)).map(([member, value]) => {
    const target = fields.find((field) => field.member === member)?.target
    return `${member}: ${target ? `${target.singular}.id` : literal(value)}`
  })
  const body = `{ ${members.join(', ')} }`
  const imports = each
    .filter(({ hasSeed }) => !hasSeed)
    .map((other) => `import { create${other.type}Store } from '../${other.folder}/store.ts'\n`)
  return `import type { Session } from '../../src/storage/database.ts'
${imports.join('')}import { create${type}Store } from './store.ts'

/** Writes the example rows of \`npm run db -- seed\`. */
export async function seed(session: Session): Promise<void> {
  ${each.map(find).join('\n')}
  await create${type}Store(session).create(${parent ? `${parent.singular}.id, ` : ''}${body})
}
`
}

/** Finds a row of another resource, whose example rows are written before, or creates one if it has none. */
function find({ hasSeed, singular, type, table, examples }: Related): string {
  if (!hasSeed) {
    return `const { ${singular} } = await create${type}Store(session).create(${literal(examples[1])})`
  }
  return `const ${singular} = await session.reader
    .selectFrom('${table}')
    .select('id')
    .orderBy('id')
    .executeTakeFirstOrThrow()`
}
