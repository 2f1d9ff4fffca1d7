import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { DatabaseUnavailable } from '../../../../src/storage/engines/failure.ts'
import { openSqlite } from '../../../../src/storage/engines/sqlite.ts'
import { skipUnlessRoot } from '../../../requirement.ts'

/** Opens a database with a table, and returns a function that writes a row. */
async function openWithTable(t: Test) {
  const file = join(t.testdir(), 'api.db')
  const database = openSqlite(file, { timeoutMs: 1_000 })
  t.teardown(() => database.close())
  await database.write((writer) => sql`create table a (b)`.execute(writer))
  const write = () => database.write((writer) => sql`insert into a values (1)`.execute(writer))
  const count = async () => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from a`.execute(database.reader)
    return rows[0]?.n
  }
  return { file, database, write, count }
}

const CHANGES: [name: string, change: (file: string) => void][] = [
  ['deleted', (file) => rmSync(file)],
  [
    'replaced',
    (file) => {
      copyFileSync(file, `${file}.new`)
      renameSync(`${file}.new`, file)
    },
  ],
]
for (const [name, change] of CHANGES) {
  t.test(`after the file was ${name}, writes fail, and reads go on`, async (t) => {
    const { file, database, write, count } = await openWithTable(t)
    await write()
    database.file?.requireWritable()
    change(file)
    const expected = {
      constructor: DatabaseUnavailable,
      message: `SQLite: ${file} was ${name} while the service was running`,
    }
    await t.rejects(write(), expected)
    await t.rejects(
      database.transactAlone(async () => {}),
      expected,
    )
    t.throws(() => database.file?.requireWritable(), expected)
    t.equal(await count(), 1)
  })
}

t.test('writes succeed again when the file is back', async (t) => {
  const { file, write, count } = await openWithTable(t)
  renameSync(file, `${file}.away`)
  await t.rejects(write(), { message: /was deleted/ })
  renameSync(`${file}.away`, file)
  await write()
  t.equal(await count(), 1)
})

t.test('a database in memory has no file that could change', async (t) => {
  const database = openSqlite(':memory:', { timeoutMs: 1_000 })
  t.teardown(() => database.close())
  t.equal(database.file, undefined)
})

/** Makes the disk of a file read-only after the file was opened. */
const SCRIPT = `
  import { execFileSync } from 'node:child_process'
  import { writeFileSync } from 'node:fs'
  import { watchFile } from '${new URL('../../../../src/storage/engines/sqlite-file.ts', import.meta.url)}'
  const [folder] = process.argv.slice(-1)
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder])
  const file = folder + '/api.db'
  writeFileSync(file, '')
  const { requireSameFile, requireWritable } = watchFile(file)
  requireWritable()
  execFileSync('mount', ['-o', 'remount,ro', folder])
  requireSameFile()
  requireWritable()
`

t.test(
  'requireWritable() fails if the disk has become read-only',
  { skip: skipUnlessRoot() },
  async (t) => {
    const folder = join(t.testdir(), 'disk')
    mkdirSync(folder)
    const args = ['--mount', process.execPath, '--input-type=module', '--eval', SCRIPT, folder]
    await t.rejects(promisify(execFile)('unshare', args), {
      message: /DatabaseUnavailable.*: SQLite: EROFS: read-only file system, access '.*api\.db'/,
    })
  },
)
