import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readCommand } from '../../../src/commands/database-command.ts'
import { createMigration } from '../../../src/commands/new-migration.ts'
import { UsageError } from '../../../src/commands/parse-arguments.ts'
import { RESOURCES } from '../../../src/resources.ts'
import { loadMigrations } from '../../../src/storage/migration-files.ts'
import { folderOf } from '../../engines.ts'
import '../../fixtures/register.ts'

const NOW = new Date('2026-11-24T09:05:30.500Z')

/** Creates the folder of a resource without migrations, and returns the folder that contains it. */
function withResource(t: Test, resource: string): string {
  const folder = join(folderOf(t), 'routes')
  mkdirSync(join(folder, resource), { recursive: true })
  RESOURCES.push(folder)
  t.teardown(() => RESOURCES.splice(RESOURCES.indexOf(folder), 1))
  return folder
}

t.test('the first migration of a resource creates its table, the others add columns', async (t) => {
  const folder = withResource(t, 'old-books')
  const first = createMigration('old-books', 'old-books', NOW)
  t.equal(first, join(folder, 'old-books/migrations/20261124T0905-old-books.ts'))
  t.match(readFileSync(first, 'utf8'), "createTable('old_books')")
  const second = createMigration('isbn', 'old-books', new Date(NOW.getTime() + 60_000))
  t.match(readFileSync(second, 'utf8'), "alterTable('old_books').addColumn('isbn', dialect.text)")
  t.match(await loadMigrations([folder]), [
    { name: '20261124T0905-old-books', owner: 'old-books', minVersion: /^\d+\.\d+\.\d+$/ },
    { name: '20261124T0906-isbn', owner: 'old-books' },
  ])
})

t.test('a migration replaces no file, and runs after those of its resource', async (t) => {
  const folder = withResource(t, 'books')
  createMigration('zoo', 'books', NOW)
  for (const [name, now] of [
    ['zoo', NOW],
    ['ant', NOW],
    ['ant', new Date(NOW.getTime() - 60_000)],
  ] as const) {
    t.throws(() => createMigration(name, 'books', now), {
      message: /^20261124T0905-zoo\.ts is not older than 20261124T090[45]: .+ try again later$/,
    })
  }
  t.strictSame(readdirSync(join(folder, 'books/migrations')), ['20261124T0905-zoo.ts'])
})

t.test('`new` needs no database, and prints the path of the migration', async (t) => {
  const folder = withResource(t, 'books')
  withResource(t, 'pens')
  for (const words of [['books'], ['ink', '--in', 'pens']]) {
    const result = await readCommand(['new', ...words])?.({ DATABASE_URL: 'nonsense' })
    t.match(result?.lines, [/^created: .*\/migrations\/\d{8}T\d{4}-(?:books|ink)\.ts$/])
  }
  for (const resource of ['books', 'pens']) {
    t.equal(readdirSync(join(folder, resource, 'migrations')).length, 1)
  }
})

t.test('`new` refuses unknown resources and wrong names', async (t) => {
  const unknown = async () => readCommand(['new', 'isbn'])?.({})
  await t.rejects(unknown, {
    message: /^there is no resource isbn: create its folder, or name one with --in \(.*\bnotes\b/,
  })
  const WRONG = [
    [['Add_Isbn'], /^NAME is "Add_Isbn": use lower-case letters/],
    [['../x'], /^NAME is "\.\.\/x"/],
    [['-'], /^NAME is "-"/],
    [['isbn', '--in', '../books'], /^--in is "\.\.\/books": name the folder of a resource$/],
    [['isbn', '--in', ''], /^--in is ""/],
    [[], /^name one NAME$/],
    [['a', 'b'], /^name one NAME$/],
    [['a', '--of', 'b'], /--of/],
  ] as const
  for (const [words, message] of WRONG) {
    t.throws(() => readCommand(['new', ...words]), { constructor: UsageError, message })
  }
})
