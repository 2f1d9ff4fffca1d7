import { hash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import type { Test } from 'tap'
import type { Database } from '../src/storage/database.ts'
import { migrate } from '../src/storage/migrations.ts'
import { openDatabase, openSource } from '../src/storage/open-database.ts'
import { copy } from '../src/storage/transfer/copy.ts'
import { listTables } from '../src/storage/transfer/tables.ts'
import { INSERT_LATER_MIGRATION } from './database.ts'
import { createFileStore } from './fixtures/resources/files/store.ts'
import { createNoteStore } from './fixtures/resources/notes/store.ts'
import './fixtures/register.ts'

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte)
const UNICODE = 'Zoë 😀 \u{10ffff} \ufffe \u0001 e\u0301\r\n\t\'"\\ ｱ 中文'

/** Tables to which fill() adds rows. */
export const FILLED = ['fixture_notes', 'fixture_files', 'idempotency_keys']

/**
 * Fills a migrated database with values that copying to another engine could easily change.
 *
 * @param sizeBytes size of the two largest files
 */
export async function fill(database: Database, sizeBytes = 1_000): Promise<void> {
  const notes = createNoteStore(database)
  await notes.create({ title: UNICODE, body: '', author: ' ' })
  await notes.createAt(10 ** 12, { title: 'large', body: UNICODE.repeat(200), author: 'a' })
  const files = [
    { name: null, bytes: EVERY_BYTE },
    { name: '', bytes: new Uint8Array(0) },
    { name: UNICODE, bytes: Buffer.alloc(sizeBytes, EVERY_BYTE) },
    { name: null, bytes: Buffer.alloc(sizeBytes, 'b') },
  ].map((file) => ({ ...file, media_type: 'text/plain' }))
  await database.write((writer) => writer.insertInto('fixture_files').values(files).execute())
  await database.write((writer) =>
    writer
      .insertInto('fixture_notes')
      .values(Array.from({ length: 250 }, (_, id) => ({ id: 10 + id * 7, title: `${id}` })))
      .execute(),
  )
  const key = { fingerprint: '0'.repeat(64), result: '{"a":"\\u0000"}', expires_at: '2999' }
  await database.write((writer) =>
    writer
      .insertInto('idempotency_keys')
      .values(
        Array.from({ length: 150 }, (_, n) => ({ ...key, key: `${n % 2 ? '😀' : '\uffee'} ${n}` })),
      )
      .execute(),
  )
  // Deletes the row with the largest id. The copy must not assign this id again.
  const last = { mediaType: 'a/b', bytes: Buffer.from(EVERY_BYTE) }
  const { id } = await createFileStore(database).create(last)
  await database.write((writer) =>
    writer.deleteFrom('fixture_files').where('id', '=', id).execute(),
  )
}

/** Creates a database file of a later version, without a journal file, and returns the bytes of the file. */
export async function makeNewer(file: string): Promise<Buffer> {
  const database = await openDatabase(`sqlite:${file}`)
  await migrate(database)
  await database.write((writer) => sql.raw(INSERT_LATER_MIGRATION).execute(writer))
  await database.close()
  const alone = new DatabaseSync(file)
  alone.exec('pragma journal_mode = delete')
  alone.close()
  return readFileSync(file)
}

/** Copies a database to another URL, as the `copy` command does. */
export async function copyUrl(t: Test, from: string, to: string, isReplacing = false) {
  const target = await openDatabase(to)
  t.teardown(() => target.close())
  return { target, result: await copy(await openSource(from, 1_000), target, isReplacing) }
}

/** Returns every row of every table, in the order of the keys. */
export async function readAll(url: string): Promise<Record<string, unknown[]>> {
  const { dialect, readSnapshot } = await openSource(url, 1_000)
  return readSnapshot(async (db) => {
    const tables = await listTables({ db, catalogue: dialect.catalogue })
    const contents: Record<string, unknown[]> = {}
    for (const { name, key, columns } of tables) {
      const { rows } = await sql<Record<string, unknown>>`
        select ${sql.join(columns.toSorted().map((column) => sql.ref(column)))}
        from ${sql.table(name)} order by ${sql.join(key.map((column) => sql.ref(column)))}
      `.execute(db)
      contents[name] = rows.map((row) => Object.values(row).map(plain))
    }
    return contents
  })
}

/** Returns bytes as their length and digest, since the engines return different types. */
function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? `${value.length} bytes: ${hash('sha256', value)}` : value
}

/** Damages a SQLite file by changing the title of a note in the table, but not in the index. */
export function damage(file: string): void {
  const bytes = readFileSync(file)
  bytes.write('a', bytes.lastIndexOf('A title'))
  writeFileSync(file, bytes)
}
