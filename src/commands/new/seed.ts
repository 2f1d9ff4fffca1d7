/** Writes `seed.ts`. */
import type { Related } from './related.ts'
import { literal, type Resource } from './resource.ts'

export function writeSeed({ type, fields, parent }: Resource): string {
  const related = [parent, ...fields.map(({ target }) => target)].flatMap((each) => each ?? [])
  const created = related.filter(
    ({ hasSeed, folder }, index) =>
      !hasSeed && related.findIndex((each) => each.folder === folder) === index,
  )
  const members = fields.map(({ member, target, examples }) => {
    return `${member}: ${target ? idOf(target) : literal(examples[0])}`
  })
  const imports = created.map(
    (each) => `import { create${each.type}Store } from '../${each.folder}/store.ts'\n`,
  )
  return `import type { Session } from '../../src/storage/database.ts'
${imports.join('')}import { create${type}Store } from './store.ts'

/** Writes the example rows of \`npm run db -- seed\`. */
export async function seed(session: Session): Promise<void> {
  ${created.map(creationOf).join('\n')}
  await create${type}Store(session).create(${parent ? `${idOf(parent)}, ` : ''}{ ${members.join(', ')} })
}
`
}

function creationOf({ singular, type, examples }: Related): string {
  return `const { ${singular} } = await create${type}Store(session).create(${literal(examples[1])})`
}

/** The id of a row that exists: the first example row, or the row that `creationOf` creates. */
function idOf({ hasSeed, exampleId, singular }: Related): string {
  return hasSeed ? String(exampleId) : `${singular}.id`
}
