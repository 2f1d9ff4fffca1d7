import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { createUserStore } from '../../../routes/users/store.ts'
import { readCommand, UsageError } from '../../../src/commands/database-command.ts'
import { findLatest } from '../../../src/storage/migrations.ts'
import { openMigrated } from '../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine } from '../../engines.ts'
import { fill, makeNewer, readAll } from '../../storage-rows.ts'

const ROWS = [
  'rows in articles: 3',
  'rows in users: 253',
  'rows in messages: 4',
  'rows in idempotency_keys: 150',
]

/** Runs a command on the database that a URL names, and gives its lines. */
async function run(url: string, ...words: string[]) {
  const outcome = await readCommand(words)?.({ DATABASE_URL: url, DATABASE_TIMEOUT: '5000' })
  return outcome?.lines
}

/** A name for a file in the test's folder. */
function fileOf(t: Test, name: string): string {
  return join(folderOf(t), name)
}

/** Compares the lines of a command that has to do with all rows; there may be more tables by now. */
function expectRows(t: Test, lines: string[] | undefined, done: string) {
  const [counts, last] = [lines?.slice(0, -1) ?? [], lines?.at(-1)]
  for (const row of ROWS) t.ok(counts.includes(row), row)
  t.equal(last, done)
}

testOnEachEngine('a backup is restored, and a database copied, by commands', async (t) => {
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
  expectRows(t, await run(url, 'copy', '--to', copied), 'copied, and compared row for row')
  t.strictSame(await readAll(copied), await readAll(url))
})

testOnEachEngine('migrate says what it did', async (t) => {
  const url = await lastingUrl(t)
  const done = await run(url, 'migrate')
  t.match(done?.join('\n'), /^done: 001-resources\ndone: 00/m)
  t.equal(done?.at(-1), `done: ${await findLatest()}`)
  t.strictSame(await run(url, 'migrate'), [`up to date: ${await findLatest()}`])
  t.match((await run(url, 'status'))?.join('\n'), /^rows in users: 3$/m)
})

t.test('a table of somebody else is named', async (t) => {
  const url = `sqlite:${fileOf(t, 'api.db')}`
  const database = await openMigrated(t, url)
  await database.write((writer) =>
    writer.schema.createTable('mine').addColumn('id', 'integer').execute(),
  )
  const lines = await run(url, 'copy', '--to', `sqlite:${fileOf(t, 'copied.db')}`)
  t.equal(lines?.at(-2), 'left out, as no table of this service: mine')
})

/** What writes to a database, given the URL of one, of another, and a backup. */
const WRITERS: Record<string, (url: string, other: string, backup: string) => Promise<unknown>> = {
  migrate: (url) => run(url, 'migrate'),
  restore: (url, _other, backup) => run(url, 'restore', backup, '--replace'),
  copy: (url, other) => run(other, 'copy', '--to', url),
}

for (const [command, write] of Object.entries(WRITERS)) {
  t.test(`${command} leaves a file with a newer schema as it is, octet by octet`, async (t) => {
    const file = fileOf(t, 'newer.db')
    const before = await makeNewer(file)
    const [other, backup] = [`sqlite:${fileOf(t, 'other.db')}`, fileOf(t, 'backup.db')]
    await openMigrated(t, other)
    await run(other, 'backup', backup)
    await t.rejects(write(`sqlite:${file}`, other, backup), {
      message: /^cannot open .+newer\.db: the schema is newer than .+ does not know 999-later$/,
    })
    t.same(readFileSync(file), before)
  })
}

testOnEachEngine('a service that runs sees what was restored', async (t) => {
  const url = await lastingUrl(t)
  const messages = createMessageStore(await openMigrated(t, url))
  const message = { mediaType: 'a/b', fileName: null, bytes: Buffer.from('a') }
  const { id } = await messages.create(message)
  await run(url, 'backup', fileOf(t, 'backup.db'))
  await messages.create(message)
  await run(url, 'restore', fileOf(t, 'backup.db'), '--replace')
  t.ok(await messages.find(id))
  t.equal(await messages.find(id + 1), undefined)
  t.match(await messages.create(message), { id: id + 2 }, 'and gives no id twice')
})

testOnEachEngine('a version from before a restore is not that of a change after it', async (t) => {
  const url = await lastingUrl(t)
  const users = createUserStore(await openMigrated(t, url))
  await run(url, 'backup', fileOf(t, 'backup.db'))
  const undone = await users.replace(2, '1', { name: 'undone' })
  await run(url, 'restore', fileOf(t, 'backup.db'), '--replace')
  const done = await users.replace(2, '1', { name: 'done' })
  t.not(done?.version, undone?.version)
  t.equal(await users.replace(2, String(undone?.version), { name: 'lost' }), undefined)
})

t.test('a backup may be called what SQLite would take for a URI', async (t) => {
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

t.test('no command, and --help anywhere, ask for the usage', async (t) => {
  for (const words of [[], ['--help'], ['backup', '--help']]) t.equal(readCommand(words), undefined)
})

const MISUSES: [words: string[], message: RegExp][] = [
  [['delete'], /^there is no command delete$/],
  [['status', 'api.db'], /^too many words$/],
  [['backup'], /^name one FILE$/],
  [['restore', 'a', 'b'], /^name one FILE$/],
  [['backup', 'a', '--replace'], /^Unknown option '--replace'/],
  [['copy'], /^copy needs --to URL$/],
  [['copy', '--to', ''], /^copy needs --to URL$/],
  [['migrate', '--to', 'sqlite:a.db'], /^Unknown option '--to'/],
]

for (const [words, message] of MISUSES) {
  t.test(`"${words.join(' ')}" is no command`, async (t) => {
    t.throws(() => readCommand(words), { constructor: UsageError, message })
  })
}

const FAILURES: [title: string, url: string, words: string[], message: RegExp][] = [
  ['no URL', 'mysql://a:hunter2@b', ['status'], /^DATABASE_URL is "mysql:…@b": must be a URL of /],
  ['no URL to copy to', '', ['copy', '--to', 'a.db'], /^--to is "a\.db": must be a URL of /],
  ['a database in memory', 'sqlite::memory:', ['status'], /^DATABASE_URL is "sqlite::memory:"/],
  [
    'one in memory to copy to',
    '',
    ['copy', '--to', 'sqlite::memory:'],
    /^--to is "sqlite::memory:"/,
  ],
  [
    'no server',
    'postgres://a:hunter2@127.0.0.1:1/a',
    ['status'],
    /^PostgreSQL: connect ECONNREFUSED [^@]+$/,
  ],
]

for (const [title, url, words, message] of FAILURES) {
  t.test(`${title} is refused in a line that shows no password`, async (t) => {
    await t.rejects(run(url, ...words), { message })
  })
}
