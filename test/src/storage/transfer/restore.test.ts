import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { StorageError } from '../../../../src/storage/database.ts'
import { applyMigrations } from '../../../../src/storage/migrations.ts'
import { openDatabase } from '../../../../src/storage/open-database.ts'
import { backUp } from '../../../../src/storage/transfer/backup.ts'
import { restore } from '../../../../src/storage/transfer/restore.ts'
import { describeDatabase } from '../../../../src/storage/transfer/status.ts'
import { INSERT_LATER_MIGRATION, LATER_VERSION_NEEDED, openMigrated } from '../../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine } from '../../../engines.ts'
import { createFileStore } from '../../../fixtures/resources/files/store.ts'
import { createNoteStore } from '../../../fixtures/resources/notes/store.ts'
import { damage, fill, readAll } from '../../../storage-rows.ts'
import '../../../fixtures/register.ts'

const FILE = { mediaType: 'a/b', bytes: Buffer.from('a') }

/** Backs up a filled database, and returns the path of the backup. */
async function makeBackup(t: Test): Promise<string> {
  const folder = folderOf(t)
  const database = await openMigrated(t, `sqlite:${join(folder, 'old.db')}`)
  await fill(database)
  const file = join(folder, 'backup.db')
  await backUp(`sqlite:${join(folder, 'old.db')}`, file, 1_000)
  return file
}

testOnEachEngine('restore() restores every row, and later rows get new ids', async (t) => {
  const file = await makeBackup(t)
  const url = await lastingUrl(t)
  await restore(file, url, false, {})
  t.strictSame(await readAll(url), await readAll(`sqlite:${file}`))
  const database = await openMigrated(t, url)
  t.match(await createFileStore(database).create(FILE), { id: 6 })
})

testOnEachEngine(
  'restore() replaces data only with --replace, even while the service runs',
  async (t) => {
    const file = await makeBackup(t)
    const url = await lastingUrl(t)
    const running = await openMigrated(t, url)
    await createFileStore(running).create(FILE)
    const before = await readAll(url)
    await t.rejects(restore(file, url, false, {}), {
      constructor: StorageError,
      message: /^the target holds data \(rows: .*fixture_files 1, .*notes 1/,
    })
    t.strictSame(await readAll(url), before)

    await restore(file, url, true, {})
    t.strictSame(await readAll(url), await readAll(`sqlite:${file}`))
    t.equal((await createFileStore(running).find(1))?.bytes.length, 256)
  },
)

testOnEachEngine(
  'restore() applies missing migrations, but not to the backup itself',
  async (t) => {
    const file = join(folderOf(t), 'backup.db')
    const older = await openDatabase(`sqlite:${file}`)
    await older.transactAlone((writer) =>
      applyMigrations(writer, older.dialect, ['20261122T1200-notes']),
    )
    await createNoteStore(older).createAt(7, { title: 'a', body: 'b', author: 'c' })
    await older.write((writer) =>
      writer.deleteFrom('fixture_notes').where('id', '=', 123).execute(),
    )
    await older.close()
    const before = await readAll(`sqlite:${file}`)

    const url = await lastingUrl(t)
    await restore(file, url, false, {})
    const database = await openMigrated(t, url)
    t.match(await createNoteStore(database).find(7), { version: /^1/ })
    t.match(await readAll(url), { fixture_files: { length: 0 }, fixture_notes: { length: 1 } })
    t.strictSame(await readAll(`sqlite:${file}`), before)
    t.strictSame(
      readdirSync(tmpdir()).filter((name) => name.startsWith('restore-')),
      [],
    )
  },
)

const REFUSED: Record<string, [spoil: (file: string) => void, message: RegExp]> = {
  'a file that is text': [
    (file) => writeFileSync(file, 'this is text and no database\n'.repeat(100)),
    /^file is not a database$/,
  ],
  'an empty file': [
    (file) => writeFileSync(file, ''),
    /^the source has no migrations of this service$/,
  ],
  'a damaged backup': [damage, /^the source is damaged: /],
  'a database of another service': [
    (file) => execute(file, 'drop table schema_migrations'),
    /^the source has no migrations of this service$/,
  ],
  'a backup of a later version': [
    (file) => execute(file, INSERT_LATER_MIGRATION),
    LATER_VERSION_NEEDED,
  ],
}

function execute(file: string, statement: string) {
  const database = new DatabaseSync(file)
  database.exec(statement)
  database.close()
}

for (const [title, [spoil, message]] of Object.entries(REFUSED)) {
  testOnEachEngine(`restore() refuses ${title}, and changes nothing`, async (t) => {
    const file = await makeBackup(t)
    spoil(file)
    const url = await lastingUrl(t)
    await createFileStore(await openMigrated(t, url)).create(FILE)
    const before = await readAll(url)
    await t.rejects(restore(file, url, true, {}), { message })
    t.strictSame(await readAll(url), before)
  })
}

testOnEachEngine('restore() refuses a missing file, and does not create it', async (t) => {
  const file = join(folderOf(t), 'none.db')
  await t.rejects(restore(file, await lastingUrl(t), true, {}), {
    message: `there is no file ${file}`,
  })
  t.equal(existsSync(file), false)
})

t.test(
  'an empty file beside the -wal of an earlier one is refused, and the -wal is kept',
  async (t) => {
    const backup = await makeBackup(t)
    const file = join(folderOf(t), 'empty.db')
    const url = `sqlite:${file}`
    writeFileSync(file, '')
    writeFileSync(`${file}-wal`, 'the last writes')
    const attempts: (() => Promise<unknown>)[] = [
      () => openDatabase(url),
      () => restore(backup, url, false, {}),
      () => backUp(url, join(folderOf(t), 'other.db'), 0),
      () => describeDatabase(url, 0),
    ]
    for (const attempt of attempts) {
      await t.rejects(attempt(), {
        message: /empty\.db-wal is left from an earlier file: put that/,
      })
      t.equal(readFileSync(`${file}-wal`, 'utf8'), 'the last writes')
    }
  },
)

t.test(
  'restore() refuses a new file beside the -wal of an earlier one, and keeps it',
  async (t) => {
    const backup = await makeBackup(t)
    const file = join(folderOf(t), 'lost.db')
    writeFileSync(`${file}-wal`, 'the last writes')
    await t.rejects(restore(backup, `sqlite:${file}`, false, {}), {
      message: /lost\.db-wal is left from an earlier file: put that file back, or move .* away$/,
    })
    t.equal(existsSync(file), false)
    t.equal(readFileSync(`${file}-wal`, 'utf8'), 'the last writes')
  },
)
