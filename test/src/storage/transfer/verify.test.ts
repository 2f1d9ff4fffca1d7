import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { StorageError } from '../../../../src/storage/database.ts'
import { backUp } from '../../../../src/storage/transfer/backup.ts'
import { restore } from '../../../../src/storage/transfer/restore.ts'
import { verifyBackup } from '../../../../src/storage/transfer/verify.ts'
import { openMigrated } from '../../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine } from '../../../engines.ts'
import { damage, fill } from '../../../storage-rows.ts'
import '../../../fixtures/register.ts'

/** Writes a backup of a filled database, and returns its path. */
async function writeBackup(t: Test, url: string): Promise<string> {
  await fill(await openMigrated(t, url))
  const file = join(folderOf(t), 'backup.db')
  await backUp(url, file, 1_000)
  return file
}

/** Changes a backup with SQL. */
function change(file: string, statement: string) {
  const database = new DatabaseSync(file)
  database.exec(statement)
  database.close()
}

function digestsOf(file: string) {
  const database = new DatabaseSync(file)
  const rows = database.prepare('select * from backup_digests order by name').all()
  database.close()
  return rows
}

testOnEachEngine('a backup is verified by its digests, and counted', async (t) => {
  const file = await writeBackup(t, await lastingUrl(t))
  const { counts, hasDigests } = await verifyBackup(file)
  t.equal(hasDigests, true)
  for (const count of [
    { table: 'fixture_notes', rows: 253 },
    { table: 'fixture_files', rows: 4 },
  ]) {
    t.ok(counts.some((found) => found.table === count.table && found.rows === count.rows))
  }
})

testOnEachEngine('the backup of a restored database has the same digests', async (t) => {
  const file = await writeBackup(t, await lastingUrl(t))
  const restored = t.context.isOnPostgres
    ? await lastingUrl(t)
    : `sqlite:${join(folderOf(t), 'restored.db')}`
  await restore(file, restored, false, {})
  const second = join(folderOf(t), 'second.db')
  await backUp(restored, second, 1_000)
  t.strictSame(digestsOf(second), digestsOf(file))
})

t.test('the backup of a database that was a backup gets new digests', async (t) => {
  const file = await writeBackup(t, await lastingUrl(t))
  const database = join(folderOf(t), 'api.db')
  copyFileSync(file, database)
  change(database, 'delete from fixture_files')
  const second = join(folderOf(t), 'second.db')
  await backUp(`sqlite:${database}`, second, 1_000)
  t.equal((await verifyBackup(second)).hasDigests, true)
})

for (const [name, statement, rows] of [
  [
    'a changed text',
    "update fixture_notes set body = 'b' where title = 'large'",
    '253 rows then, 253',
  ],
  ['a changed byte', "update fixture_files set bytes = x'00' where id = 1", '4 rows then, 4'],
  ['a deleted row', 'delete from fixture_notes where id = 10', '253 rows then, 252'],
  ['a changed count', 'update backup_digests set row_count = 1', '1 rows then, '],
] as const) {
  t.test(`a backup with ${name} is refused`, async (t) => {
    const file = await writeBackup(t, await lastingUrl(t))
    change(file, statement)
    await t.rejects(verifyBackup(file), {
      constructor: StorageError,
      message: new RegExp(`^the rows of \\w+ were changed after the backup .*${rows}`),
    })
  })
}

t.test('a backup without a table is refused', async (t) => {
  const file = await writeBackup(t, await lastingUrl(t))
  change(file, 'drop table fixture_files')
  await t.rejects(verifyBackup(file), {
    message: /^the rows of fixture_files .*4 rows then, 0 now/,
  })
})

t.test('a damaged backup, or a file that is no backup, is refused', async (t) => {
  const file = await writeBackup(t, await lastingUrl(t))
  const original = readFileSync(file)
  damage(file)
  await t.rejects(verifyBackup(file), { message: /^the source is damaged: / })
  writeFileSync(file, original.subarray(0, original.length / 2))
  await t.rejects(verifyBackup(file), { message: 'database disk image is malformed' })
  change(join(folderOf(t), 'empty.db'), 'create table other (id integer primary key)')
  await t.rejects(verifyBackup(join(folderOf(t), 'empty.db')), {
    message: 'the source has no migrations of this service',
  })
  await t.rejects(verifyBackup(join(folderOf(t), 'none.db')), { message: /^there is no file / })
})

t.test('a backup of an earlier version has no digests, and is checked for damage', async (t) => {
  const file = await writeBackup(t, await lastingUrl(t))
  change(file, 'drop table backup_digests')
  const { counts, hasDigests } = await verifyBackup(file)
  t.equal(hasDigests, false)
  t.ok(counts.some(({ table, rows }) => table === 'fixture_files' && rows === 4))
})
