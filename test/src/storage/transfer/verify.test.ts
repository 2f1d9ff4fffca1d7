import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
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

/** Returns the digests of all tables except the migrations, which have the times at which they ran. */
function digestsOf(file: string) {
  const database = new DatabaseSync(file)
  const digests = database
    .prepare("select * from backup_digests where name <> 'schema_migrations' order by name")
    .all()
  database.close()
  return digests
}

testOnEachEngine('a backup is verified by its digests, and counted', async (t) => {
  const file = await writeBackup(t, await lastingUrl(t))
  const { counts, compared } = await verifyBackup(file)
  t.equal(compared, 'all')
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
  t.equal((await verifyBackup(second)).compared, 'all')
})

for (const [name, statement, rows] of [
  [
    'a changed text',
    "update fixture_notes set body = 'b' where title = 'large'",
    '253 rows then, 253',
  ],
  ['a changed byte', "update fixture_files set bytes = x'00' where id = 1", '4 rows then, 4'],
  ['a deleted row', 'delete from fixture_notes where id = 10', '253 rows then, 252'],
  ['a changed count', 'update backup_digests set row_count = 999', '999 rows then, '],
  ['a lower last id', 'update sqlite_sequence set seq = 0', '\\d+ rows then, '],
  ['an index less', 'drop index fixture_notes_by_title_id', '\\d+ rows then, '],
  [
    'a migration less',
    'delete from schema_migrations where name = (select max(name) from schema_migrations)',
    '\\d+ rows then, ',
  ],
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

/** Writes a backup of a database with a search index, and returns its path. */
async function writeSearchedBackup(t: Test): Promise<string> {
  const url = await lastingUrl(t)
  const database = await openMigrated(t, url)
  await database.write(async (writer) => {
    await sql`create table pages (id integer primary key, words text)`.execute(writer)
    await database.dialect.indexWords(writer, 'pages')
    await sql`insert into pages (words) values ('one two'), ('three')`.execute(writer)
  })
  const file = join(folderOf(t), 'backup.db')
  await backUp(url, file, 1_000)
  return file
}

t.test('a backup with another search index than it was written with is refused', async (t) => {
  const file = await writeSearchedBackup(t)
  t.equal((await verifyBackup(file)).compared, 'all')
  const original = readFileSync(file)
  for (const [statement, message] of [
    ['drop table pages_search', /^the rows of pages_search_config .*, 0 now/],
    [
      "insert into pages_search (pages_search) values ('delete-all')",
      /^the rows of pages_search_data/,
    ],
    [
      "insert into pages_search (rowid, words) values (3, 'four')",
      /^the rows of pages_search_data/,
    ],
    ['drop trigger pages_search_insert', /^the rows of sqlite_schema/],
  ] as const) {
    writeFileSync(file, original)
    change(file, statement)
    await t.rejects(verifyBackup(file), { constructor: StorageError, message }, statement)
  }
})

const MISSING = /^digests of the backup are missing/
const NO_DIGEST = /^the backup has no digest of /

for (const [name, statement, message] of [
  ['empty digests', 'delete from backup_digests', MISSING],
  ['no table of digests', 'drop table backup_digests', MISSING],
  ['no digest of the schema', "delete from backup_digests where name = 'sqlite_schema'", MISSING],
  [
    'a digest less',
    "delete from backup_digests where name = 'fixture_files'",
    /^the backup has no digest of fixture_files/,
  ],
  ['a format that says it is of an earlier version', 'pragma user_version = 0', MISSING],
] as const) {
  t.test(`a backup with ${name} is refused`, async (t) => {
    const file = await writeBackup(t, await lastingUrl(t))
    change(file, statement)
    await t.rejects(verifyBackup(file), { constructor: StorageError, message })
  })
}

/** Turns a backup into one of a version that had digests of the resources only. */
const EARLIER = `
  pragma user_version = 0;
  delete from backup_digests where name not in
    (select name from pragma_table_list where type = 'table' and schema = 'main'
      and name not like 'sqlite%' and name <> 'schema_migrations')`

t.test('a backup of an earlier version is compared as far as it has digests', async (t) => {
  const file = await writeBackup(t, await lastingUrl(t))
  change(file, EARLIER)
  const { counts, compared } = await verifyBackup(file)
  t.equal(compared, 'resources')
  t.ok(counts.some(({ table, rows }) => table === 'fixture_files' && rows === 4))
  change(file, 'create table added (id integer primary key)')
  await t.rejects(verifyBackup(file), { constructor: StorageError, message: NO_DIGEST })
  change(file, 'drop table added; delete from fixture_files')
  await t.rejects(verifyBackup(file), { message: /^the rows of fixture_files were changed/ })
  change(file, 'delete from backup_digests')
  await t.rejects(verifyBackup(file), { message: MISSING })
})

t.test('a backup of an earlier version has no digests, and is checked for damage', async (t) => {
  const file = await writeBackup(t, await lastingUrl(t))
  change(file, 'pragma user_version = 0; drop table backup_digests')
  const { counts, compared } = await verifyBackup(file)
  t.equal(compared, 'none')
  t.ok(counts.some(({ table, rows }) => table === 'fixture_files' && rows === 4))
})

t.test('a changed bit of a row or of the schema is found', async (t) => {
  const file = await writeBackup(t, await lastingUrl(t))
  const original = readFileSync(file, 'latin1')
  for (const [text, changed] of [
    ['20261122T1200-notes', '20261122T1200-nntes'],
    ['fixture_notes_by_', 'fixture_notes_bx_'],
    ['"version" integer', '"version" hnteger'],
  ] as const) {
    t.ok(original.includes(text), `the backup stores ${text}`)
    writeFileSync(file, original.replaceAll(text, changed), 'latin1')
    await t.rejects(verifyBackup(file), text)
  }
})
