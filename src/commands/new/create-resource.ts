/** Writes the files of a resource. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Field, parseFields } from './fields.ts'
import { uniqueIndexOf, writeMigration } from './migration.ts'
import { namesOf } from './names.ts'
import { loadRelated } from './related.ts'
import { listPath, type Resource, scopeOf } from './resource.ts'
import { writeRoutes } from './routes.ts'
import { writeSchema } from './schema.ts'
import { writeSeed } from './seed.ts'
import { writeStore } from './store.ts'
import { writeTest } from './test.ts'

export const USAGE = `usage: npm run new -- NAME [--in PARENT] [--singular NAME] FIELD:TYPE...

Writes a resource that you then change: routes, schema, store, migration, example rows and tests. NAME is
the plural, such as tasks or line-items. With --in, the resources are within those of routes/PARENT. In
the names of columns, dueAt is due_at. Replaces no file.

  npm run new -- customers name:line 'mail:email!' 'bornOn:date?'
  npm run new -- orders --in customers amount:int 'status:enum(open,paid)' 'voucher:ref(vouchers)?'

types: line text int number boolean date time timestamp enum(a,b) ref(RESOURCE) email url uuid
? after a type makes a member optional, ! makes its values unique. Quote arguments with ? ! or (.`

/** Characters of a name in PostgreSQL. */
const MAX_LENGTH = 63

/**
 * Writes a resource.
 *
 * @param root folder of the project
 * @returns lines that say what was written, and what to do next, or the usage text
 * @throws {Error}
 */
export async function createResource(
  args: string[],
  root: string,
  now = new Date(),
): Promise<string[]> {
  if (args.length === 0 || args.includes('--help')) return [USAGE]
  const resource = await readResource(args, root)
  const files = filesOf(resource, now)
  const paths = Object.keys(files)
  checkUnused(resource, root)
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), source, { flag: 'wx' })
  }
  const biome = join(root, 'node_modules/.bin/biome')
  execFileSync(process.execPath, [biome, 'check', '--write', '--log-level=error', ...paths], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return [...paths.map((path) => `created: ${path}`), '', ...nextSteps(resource)]
}

/** @throws {Error} if there are files of the resource */
function checkUnused({ folder }: Resource, root: string): void {
  for (const path of [`routes/${folder}`, `test/routes/${folder}.test.ts`]) {
    if (existsSync(join(root, path))) throw new Error(`there is already ${path}`)
  }
}

async function readResource(args: string[], root: string): Promise<Resource> {
  const {
    positionals: [name = '', ...texts],
    values,
  } = parseArgs({
    args,
    options: { in: { type: 'string' }, singular: { type: 'string' } },
    allowPositionals: true,
  })
  const names = namesOf(name, values.singular)
  const load = (folder: string) => loadRelated(root, folder)
  const fields = await parseFields(texts, (folder) => {
    if (folder !== names.folder) return load(folder)
    throw new Error(
      `${folder} cannot refer to itself here: add this reference to the written files`,
    )
  })
  checkLength(names.table, fields)
  if (values.in === undefined) return { ...names, fields }
  const parent = await load(values.in)
  const isTaken = fields.some(({ column }) => column === scopeOf(parent))
  if (isTaken) throw new Error(`${parent.parameter} is the id of the parent: rename the field`)
  return { ...names, fields, parent }
}

/** @throws {Error} for a name in the database that PostgreSQL would shorten, so that it could be that of another */
function checkLength(table: string, fields: Field[]): void {
  const columns = fields.map(({ column }) => column)
  const unique = fields.filter(({ isUnique }) => isUnique)
  const indexes = unique.map(({ column }) => uniqueIndexOf(table, column))
  const long = [table, ...columns, ...indexes].find((name) => name.length > MAX_LENGTH)
  if (long) throw new Error(`${long} has more than ${MAX_LENGTH} characters: use shorter names`)
}

/** Returns the sources by path. */
function filesOf(resource: Resource, now: Date): Record<string, string> {
  const { folder } = resource
  const time = now.toISOString().slice(0, 16).replaceAll(/[-:]/g, '')
  return {
    [`routes/${folder}/migrations/${time}-${folder}.ts`]: writeMigration(resource),
    [`routes/${folder}/schema.ts`]: writeSchema(resource),
    [`routes/${folder}/store.ts`]: writeStore(resource),
    [`routes/${folder}/seed.ts`]: writeSeed(resource),
    [`routes/${folder}/index.ts`]: writeRoutes(resource),
    [`test/routes/${folder}.test.ts`]: writeTest(resource),
  }
}

function nextSteps(resource: Resource): string[] {
  return [
    `The service has the routes of ${listPath(resource)} when it starts next. Change the files as you need, then run:`,
    '  npm run types',
    `  npm run test:file -- test/routes/${resource.folder}.test.ts`,
    '  npm run openapi',
    '  npm run client',
    'docs/extending.md describes the files. Change the migration only until a database that you keep has run it.',
  ]
}
