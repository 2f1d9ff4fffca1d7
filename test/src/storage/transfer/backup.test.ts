import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { type Database, StorageError } from '../../../../src/storage/database.ts'
import { backUp } from '../../../../src/storage/transfer/backup.ts'
import { openMigrated } from '../../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine, testOnEachPair } from '../../../engines.ts'
import { createFileStore } from '../../../fixtures/resources/files/store.ts'
import { copyUrl, damage, fill, readAll } from '../../../storage-rows.ts'
import '../../../fixtures/register.ts'

/** Returns a path for a backup in a new folder. */
function fileOf(t: Test): string {
  const folder = join(folderOf(t), 'backups')
  mkdirSync(folder)
  return join(folder, 'backup.db')
}

function filesBeside(file: string): string[] {
  return readdirSync(join(file, '..'))
}

testOnEachEngine('a backup contains every row, and is a single file with mode 600', async (t) => {
  const file = fileOf(t)
  const url = await lastingUrl(t)
  const database = await openMigrated(t, url)
  await fill(database)
  const { counts, ignored } = await backUp(url, file, 1_000)
  const contents = Object.entries(await readAll(url))
  t.strictSame(
    counts,
    contents.map(([table, { length }]) => ({ table, rows: length })),
  )
  t.strictSame(ignored, [])
  t.strictSame(Object.entries(await readAll(`sqlite:${file}`)), contents)
  t.strictSame(filesBeside(file), ['backup.db'])
  t.equal(statSync(file).mode & 0o777, 0o600)
  // 1 means that the file needs no WAL file (sqlite.org/fileformat2.html §1.3.3).
  t.strictSame([...readFileSync(file).subarray(18, 20)], [1, 1])
})

testOnEachPair(
  'a round trip between the engines keeps every row unchanged',
  async (t, from, to) => {
    await fill(await openMigrated(t, from))
    const file = fileOf(t)
    await copyUrl(t, from, to)
    await backUp(to, file, 1_000)
    const last = `${from}.last`
    if (from.startsWith('sqlite:')) await copyUrl(t, `sqlite:${file}`, last)
    t.strictSame(
      await readAll(from.startsWith('sqlite:') ? last : `sqlite:${file}`),
      await readAll(from),
    )
  },
)

/** Writes files until `stop` is called, and collects their ids. */
function keepWriting(database: Database) {
  const files = createFileStore(database)
  const ids: number[] = []
  const first = Promise.withResolvers<void>()
  let isStopped = false
  async function write() {
    while (!isStopped) {
      const bytes = Buffer.alloc(20_000, `${ids.length}`)
      ids.push((await files.create({ mediaType: 'a/b', bytes })).id)
      if (ids.length >= 20) first.resolve()
      await setImmediate() // lets the backup continue
    }
  }
  const done = write()
  const stop = () => {
    isStopped = true
    return done
  }
  return { ids, begun: first.promise, stop }
}

testOnEachEngine('a backup during writes is a consistent snapshot', async (t) => {
  const file = fileOf(t)
  const url = await lastingUrl(t)
  const writer = keepWriting(await openMigrated(t, url))
  await writer.begun
  const before = [...writer.ids]
  await backUp(url, file, 5_000)
  const after = writer.ids.length
  await writer.stop()
  t.ok(after > before.length, 'writes continued during the backup')

  const backup = new DatabaseSync(file)
  t.teardown(() => backup.close())
  t.match(backup.prepare('pragma integrity_check').all(), [{ integrity_check: 'ok' }])
  const ids = backup
    .prepare('select id from fixture_files order by id')
    .all()
    .map(({ id }) => Number(id))
  t.strictSame(
    before.filter((id) => !ids.includes(id)),
    [],
  )
  t.strictSame(
    ids,
    ids.map((_, index) => index + 1),
    'the ids have no gaps',
  )
})

testOnEachEngine('a backup does not replace an existing file', async (t) => {
  const file = fileOf(t)
  writeFileSync(file, 'precious')
  const url = await lastingUrl(t)
  await openMigrated(t, url)
  await t.rejects(backUp(url, file, 1_000), {
    constructor: StorageError,
    message: `${file} exists already: name a new file`,
  })
  t.equal(readFileSync(file, 'utf8'), 'precious')
  t.strictSame(filesBeside(file), ['backup.db'])
})

testOnEachEngine('a database of another service is not backed up', async (t) => {
  const file = fileOf(t)
  const url = await lastingUrl(t)
  const database = await openMigrated(t, url)
  await database.write((writer) => sql`drop table schema_migrations`.execute(writer))
  await t.rejects(backUp(url, file, 1_000), {
    constructor: StorageError,
    message: 'the source has no migrations of this service',
  })
  t.strictSame(filesBeside(file), [], 'no partial file is left')
})

t.test('a damaged database is not backed up', async (t) => {
  const file = fileOf(t)
  const source = join(folderOf(t), 'api.db')
  const database = await openMigrated(t, `sqlite:${source}`)
  await database.close()
  damage(source)
  await t.rejects(backUp(`sqlite:${source}`, file, 1_000), {
    constructor: StorageError,
    message: /^the source is damaged: .*notes_by_title/,
  })
  t.strictSame(filesBeside(file), [])
})

t.test('a missing database is not backed up, and not created', async (t) => {
  const file = fileOf(t)
  const source = join(folderOf(t), 'api.db')
  await t.rejects(backUp(`sqlite:${source}`, file, 1_000), {
    constructor: StorageError,
    message: `there is no file ${source}`,
  })
  t.equal(existsSync(source), false)
  t.strictSame(filesBeside(file), [])
})

t.test('a backup to a missing folder is refused', async (t) => {
  const url = `sqlite:${join(folderOf(t), 'api.db')}`
  await openMigrated(t, url)
  await t.rejects(backUp(url, join(folderOf(t), 'none/backup.db'), 1_000), { code: 'ENOENT' })
})
