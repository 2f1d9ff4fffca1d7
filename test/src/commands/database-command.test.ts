import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { readCommand } from '../../../src/commands/database-command.ts'
import { UsageError } from '../../../src/commands/parse-arguments.ts'
import { openMigrated } from '../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine, testOnPostgres } from '../../engines.ts'
import { createFileStore } from '../../fixtures/resources/files/store.ts'
import { createNoteStore } from '../../fixtures/resources/notes/store.ts'
import { fill, makeNewer, readAll } from '../../storage-rows.ts'
import '../../fixtures/register.ts'

const ROWS = [
  'rows in fixture_notes: 253',
  'rows in fixture_files: 4',
  'rows in idempotency_keys: 150',
]

const NOTE = { title: 'A title', body: 'A body', author: 'An author' }

/** Runs a command on a database, and returns the lines that it prints. */
async function run(url: string, ...words: string[]) {
  const outcome = await readCommand(words)?.({ DATABASE_URL: url, DATABASE_TIMEOUT: '5000' })
  return outcome?.lines
}

/** Returns the path of a file in the test's folder. */
function fileOf(t: Test, name: string): string {
  return join(folderOf(t), name)
}

/** Compares the output of a command that copies all rows. The output may also list tables of other resources. */
function expectRows(t: Test, lines: string[] | undefined, done: string) {
  const [counts, last] = [lines?.slice(0, -1) ?? [], lines?.at(-1)]
  for (const row of ROWS) t.ok(counts.includes(row), row)
  t.equal(last, done)
}

testOnEachEngine('commands back up, restore and copy a database', async (t) => {
  const url = await lastingUrl(t)
  await fill(await openMigrated(t, url))
  const backup = fileOf(t, 'backup.db')
  expectRows(t, await run(url, 'backup', backup), `backed up to ${backup}`)

  const restored = `sqlite:${fileOf(t, 'restored.db')}`
  const done = `restored from ${backup}`
  expectRows(t, await run(restored, 'restore', backup), done)
  t.strictSame(await readAll(restored), await readAll(url))
  await t.rejects(run(restored, 'restore', backup), { message: /^the target holds data \(/ })
  expectRows(t, await run(restored, 'restore', backup, '--replace'), done)

  const copied = `sqlite:${fileOf(t, 'copied.db')}`
  expectRows(t, await run(url, 'copy', '--to', copied), 'copied, and compared row by row')
  t.strictSame(await readAll(copied), await readAll(url))
})

testOnEachEngine('commands write backups into a folder, and verify them', async (t) => {
  const url = await lastingUrl(t)
  await fill(await openMigrated(t, url))
  const folder = fileOf(t, 'backups')
  mkdirSync(folder)
  writeFileSync(join(folder, 'backup-20200101T000000Z.db'), '')
  const lines = await run(url, 'backup', '--folder', folder, '--keep', '1')
  t.equal(lines?.at(-1), 'deleted: backup-20200101T000000Z.db')
  const file = join(folder, String(readdirSync(folder)[0]))
  expectRows(t, lines?.slice(0, -1), `backed up to ${file}`)
  expectRows(t, await run('', 'verify', file), `verified: ${file}`)
  const backup = new DatabaseSync(file)
  backup.exec(`pragma user_version = 0;
    delete from backup_digests where name like 'sqlite%' or name = 'schema_migrations'`)
  const rows = `verified: the rows of ${file}; its schema and migrations were not compared, since an earlier version wrote it without their digests`
  expectRows(t, await run('', 'verify', file), rows)
  backup.exec('drop table backup_digests')
  backup.close()
  const undamaged = `undamaged: ${file}; its rows, schema and migrations were not compared, since an earlier version wrote it without digests`
  expectRows(t, await run('', 'verify', file), undamaged)
})

testOnEachEngine('migrate lists the migrations that it applied', async (t) => {
  const url = await lastingUrl(t)
  const done = await run(url, 'migrate')
  t.match(done?.join('\n'), /^applied: 20261122T1200-files\napplied: 20261122T12/m)
  t.strictSame(await run(url, 'migrate'), ['no pending migrations'])
  t.match((await run(url, 'status'))?.join('\n'), /^rows in fixture_notes: 1$/m)
})

testOnEachEngine('migrate writes what it waits for on standard error', async (t) => {
  const url = await lastingUrl(t)
  const other = await openMigrated(t, url)
  const { promise: isReported, resolve } = Promise.withResolvers<void>()
  const written = t.capture(console, 'error', () => resolve())
  let migration: Promise<unknown> = Promise.resolve()
  await other.transactAlone(async () => {
    migration = run(url, 'migrate')
    await isReported
  })
  t.same(await migration, ['no pending migrations'])
  t.match(written()[0]?.args, [/^waits for (?:a lock|another process)/])
})

testOnPostgres('a backup writes on standard error that it waits for a migration', async (t) => {
  const url = await lastingUrl(t)
  const other = await openMigrated(t, url)
  const { promise: isReported, resolve } = Promise.withResolvers<void>()
  const written = t.capture(console, 'error', () => resolve())
  const file = fileOf(t, 'backup.db')
  let backup: Promise<unknown> = Promise.resolve()
  await other.transactAlone(async (connection) => {
    await other.dialect.excludeSnapshots(connection)
    backup = run(url, 'backup', file)
    await isReported
  })
  t.match(Object(await backup).at(-1), `backed up to ${file}`)
  t.match(written()[0]?.args, ['waits for a migration'])
})

testOnEachEngine('copy refuses a copy of a database to itself', async (t) => {
  const url = await lastingUrl(t)
  await openMigrated(t, url)
  const names = t.context.isOnPostgres ? [url, url.replace('postgres:', 'postgresql:')] : [url]
  if (!t.context.isOnPostgres) {
    symlinkSync(fileOf(t, 'api.db'), fileOf(t, 'link.db'))
    names.push(`sqlite:${fileOf(t, 'link.db')}`)
  }
  for (const name of names) {
    await t.rejects(run(url, 'copy', '--to', name), {
      message: '--to names the database of DATABASE_URL: name another one',
    })
  }
  await t.rejects(run('sqlite:none.db', 'copy', '--to', 'sqlite:./none.db'), {
    message: /^--to names the database/,
  })
})

t.test('copy lists the tables that it left out', async (t) => {
  const url = `sqlite:${fileOf(t, 'api.db')}`
  const database = await openMigrated(t, url)
  await database.write((writer) =>
    writer.schema.createTable('mine').addColumn('id', 'integer').execute(),
  )
  const lines = await run(url, 'copy', '--to', `sqlite:${fileOf(t, 'copied.db')}`)
  t.equal(lines?.at(-2), 'left out, since no migration of this version creates it: mine')
})

/** Commands that write to the database at `url`. `other` is the URL of another database. */
const WRITERS: Record<string, (url: string, other: string, backup: string) => Promise<unknown>> = {
  migrate: (url) => run(url, 'migrate'),
  restore: (url, _other, backup) => run(url, 'restore', backup, '--replace'),
  copy: (url, other) => run(other, 'copy', '--to', url),
}

for (const [command, write] of Object.entries(WRITERS)) {
  t.test(
    `${command} refuses a database file of a later version, and does not change it`,
    async (t) => {
      const file = fileOf(t, 'newer.db')
      const before = await makeNewer(file)
      const [other, backup] = [`sqlite:${fileOf(t, 'other.db')}`, fileOf(t, 'backup.db')]
      await openMigrated(t, other)
      await run(other, 'backup', backup)
      await t.rejects(write(`sqlite:${file}`, other, backup), {
        message:
          /^cannot open .+newer\.db: the database needs version 999\.0\.0 or later, and this is /,
      })
      t.same(readFileSync(file), before)
    },
  )
}

testOnEachEngine('a running service reads restored data', async (t) => {
  const url = await lastingUrl(t)
  const files = createFileStore(await openMigrated(t, url))
  const message = { mediaType: 'a/b', bytes: Buffer.from('a') }
  const { id } = await files.create(message)
  await run(url, 'backup', fileOf(t, 'backup.db'))
  await files.create(message)
  await run(url, 'restore', fileOf(t, 'backup.db'), '--replace')
  t.ok(await files.find(id))
  t.equal(await files.find(id + 1), undefined)
  t.match(
    await files.create(message),
    { id: id + 2 },
    'the id of the file that the restore removed is not assigned again',
  )
})

testOnEachEngine(
  'a version that was assigned before a restore is not assigned again after the restore',
  async (t) => {
    const url = await lastingUrl(t)
    const notes = createNoteStore(await openMigrated(t, url))
    await run(url, 'backup', fileOf(t, 'backup.db'))
    const undone = await notes.replace(123, '1', { ...NOTE, title: 'undone' })
    await run(url, 'restore', fileOf(t, 'backup.db'), '--replace')
    const done = await notes.replace(123, '1', { ...NOTE, title: 'done' })
    t.not(done?.version, undone?.version)
    t.equal(await notes.replace(123, String(undone?.version), NOTE), undefined)
  },
)

t.test('a backup may have a name that SQLite could treat as a URI', async (t) => {
  const url = await lastingUrl(t)
  await openMigrated(t, url)
  const directory = process.cwd()
  process.chdir(folderOf(t))
  t.teardown(() => process.chdir(directory))
  await run(url, 'backup', 'file:a.db')
  t.same(
    readdirSync('.').filter((name) => name.includes('a.db')),
    ['file:a.db'],
  )
  const lines = await run(url, 'restore', 'file:a.db', '--replace')
  t.equal(lines?.at(-1), 'restored from file:a.db')
})

t.test(
  'readCommand() returns undefined without a command and with --help, to show the usage',
  async (t) => {
    for (const words of [[], ['--help'], ['backup', '--help']])
      t.equal(readCommand(words), undefined)
  },
)

const MISUSES: [words: string[], message: RegExp][] = [
  [['delete'], /^there is no command delete$/],
  [['status', 'api.db'], /^too many arguments$/],
  [['backup'], /^name one FILE$/],
  [['restore', 'a', 'b'], /^name one FILE$/],
  [['backup', 'a', '--replace'], /^Unknown option '--replace'/],
  [['backup', '--folder', 'a'], /^backup needs FILE, or --folder FOLDER and --keep N/],
  [['backup', '--keep', '2'], /^backup needs FILE, or --folder FOLDER and --keep N/],
  [['backup', '--folder', 'a', '--keep', '0'], /^backup needs FILE, or .* N from 1$/],
  [['backup', 'a', '--folder', 'b', '--keep', '1'], /^too many arguments$/],
  [['verify'], /^name one FILE$/],
  [['copy'], /^copy needs --to URL$/],
  [['copy', '--to', ''], /^copy needs --to URL$/],
  [['migrate', '--to', 'sqlite:a.db'], /^Unknown option '--to'/],
]

for (const [words, message] of MISUSES) {
  t.test(`"${words.join(' ')}" is refused`, async (t) => {
    t.throws(() => readCommand(words), { constructor: UsageError, message })
  })
}

const FAILURES: [title: string, url: string, words: string[], message: RegExp][] = [
  [
    'a URL of another database system',
    'mysql://a:hunter2@b',
    ['status'],
    /^DATABASE_URL is "mysql:…@b": must be a SQLite or PostgreSQL URL /,
  ],
  [
    'a target that is not a URL',
    '',
    ['copy', '--to', 'a.db'],
    /^--to is "a\.db": must be a SQLite or PostgreSQL URL /,
  ],
  ['a database in memory', 'sqlite::memory:', ['status'], /^DATABASE_URL is "sqlite::memory:"/],
  ['a target in memory', '', ['copy', '--to', 'sqlite::memory:'], /^--to is "sqlite::memory:"/],
  [
    'a server that does not run',
    'postgres://a:hunter2@127.0.0.1:1/a',
    ['status'],
    /^PostgreSQL: connect ECONNREFUSED [^@]+$/,
  ],
]

for (const [title, url, words, message] of FAILURES) {
  t.test(`${title} is refused in one line that contains no password`, async (t) => {
    await t.rejects(run(url, ...words), { message })
  })
}
