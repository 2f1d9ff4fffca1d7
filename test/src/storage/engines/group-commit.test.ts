import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import t, { type Test } from 'tap'
import type { Write } from '../../../../src/storage/database.ts'
import { DatabaseFull, DatabaseUnavailable } from '../../../../src/storage/engines/failure.ts'
import { groupCommits } from '../../../../src/storage/engines/group-commit.ts'
import type { Schema } from '../../../../src/storage/schema.ts'
import { open, openMigrated } from '../../../database.ts'
import { lastingUrl } from '../../../engines.ts'
import '../../../fixtures/register.ts'

/** Opens a database file with all migrations, and another connection that observes the file. */
async function setUp(t: Test, timeout = 20_000) {
  const url = await lastingUrl(t)
  await openMigrated(t, url)
  const database = await open(t, url, { timeoutMs: timeout })
  const other = new DatabaseSync(url.slice('sqlite:'.length))
  t.teardown(() => other.close())
  const titles = () =>
    other.prepare('select title from fixture_notes where id > 123 order by id').all()
  return { ...database, other, titles: () => titles().map(({ title }) => title) }
}

/** Counts the commits since the last call. Each commit of another connection increases the data version by one. */
function countChanges(other: DatabaseSync) {
  const version = () => Number(other.prepare('pragma data_version').get()?.data_version)
  let last = version()
  return () => {
    const changes = version() - last
    last += changes
    return changes
  }
}

function add(write: Write, title: string) {
  return write((writer) => insert(writer, title))
}

function insert(writer: Kysely<Schema>, title: string) {
  return writer
    .insertInto('fixture_notes')
    .values({ title })
    .returning('title')
    .executeTakeFirstOrThrow()
}

/** Collects the statements that begin or end a transaction, or match a pattern. */
function observe(t: Test, pattern = /^(?:begin|commit|rollback)\b/) {
  const statements: string[] = []
  const { prepare } = DatabaseSync.prototype
  t.intercept(DatabaseSync.prototype, 'prepare', {
    value(this: DatabaseSync, text: string) {
      const statement = prepare.call(this, text)
      if (!pattern.test(text)) return statement
      for (const name of ['run', 'all'] as const) {
        const method = statement[name].bind(statement)
        Object.assign(statement, {
          [name]: () => {
            statements.push(text)
            return method()
          },
        })
      }
      return statement
    },
  })
  return statements
}

t.test('writes that arrive together are committed in one transaction', async (t) => {
  const statements = observe(t)
  const { write, other, titles } = await setUp(t)
  statements.length = 0
  const changes = countChanges(other)
  const added = await Promise.all(['a', 'b', 'c'].map((title) => add(write, title)))
  t.match(added, [{ title: 'a' }, { title: 'b' }, { title: 'c' }], 'each write has its own result')
  t.equal(changes(), 1)
  t.same(statements, ['begin immediate', 'commit'])
  t.same(titles(), ['a', 'b', 'c'], 'the writes keep their order')
})

t.test('a write is acknowledged after other connections can read it', async (t) => {
  const { write, titles } = await setUp(t)
  const seen: unknown[] = []
  await Promise.all(['a', 'b'].map((title) => add(write, title).then(() => seen.push(titles()))))
  t.same(seen, [
    ['a', 'b'],
    ['a', 'b'],
  ])
})

t.test('a failed write is undone, and the other writes of the transaction are kept', async (t) => {
  const { write, titles } = await setUp(t)
  const failure = new Error('refused')
  const endings = await Promise.allSettled([
    add(write, 'a'),
    write(async (writer) => {
      await insert(writer, 'x')
      throw failure
    }),
    write((writer) => sql`insert into nowhere values (1)`.execute(writer)),
    add(write, 'b'),
  ])
  t.match(endings, [
    { status: 'fulfilled' },
    { reason: failure },
    { reason: { message: 'no such table: nowhere' } },
    { status: 'fulfilled' },
  ])
  t.same(titles(), ['a', 'b'])
})

t.test('a write whose callback throws synchronously is undone', async (t) => {
  const { write, titles } = await setUp(t)
  const failure = new Error('refused')
  const work = write(() => {
    throw failure
  })
  t.equal(await work.catch((error) => error), failure)
  await add(write, 'a')
  t.same(titles(), ['a'])
})

t.test('a failed commit rejects all writes, and changes nothing', async (t) => {
  const { write, titles } = await setUp(t)
  const { prepare } = DatabaseSync.prototype
  const failure = Object.assign(new Error('disk I/O error'), { errcode: 10 })
  t.intercept(DatabaseSync.prototype, 'prepare', {
    value(this: DatabaseSync, text: string) {
      if (text !== 'commit' || isFixed) return prepare.call(this, text)
      isFixed = true
      throw failure
    },
  })
  let isFixed = false
  const endings = await Promise.allSettled([add(write, 'a'), add(write, 'b')])
  const reason = { message: 'SQLite: disk I/O error' }
  t.match(endings, [{ reason }, { reason }])
  t.same(titles(), [])
  await add(write, 'c')
  t.same(titles(), ['c'], 'the next write succeeds')
})

/** Limits the size of the file, so that values larger than a page do not fit. */
async function fillDisk(write: Write) {
  await write(async (writer) => {
    await sql`create table heap (octets blob)`.execute(writer)
  })
  const { rows } = await write((writer) => sql`pragma page_count`.execute(writer))
  const limit = sql.raw(`pragma max_page_count = ${Object.values(Object(rows[0])).join()}`)
  await write((writer) => limit.execute(writer))
}

t.test(
  'if a write ends the transaction because the disk is full, the other writes are repeated',
  async (t) => {
    const { write, titles } = await setUp(t)
    await fillDisk(write)
    const endings = await Promise.allSettled([
      add(write, 'a'),
      write((writer) => sql`insert into heap values (zeroblob(1000000))`.execute(writer)),
      add(write, 'b'),
    ])
    t.same(
      endings.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    t.type(Reflect.get(endings[1] ?? {}, 'reason'), DatabaseFull)
    t.same(titles(), ['a', 'b'], 'each write is stored exactly once')
    await write((writer) => sql`pragma max_page_count = 100000`.execute(writer))
    await add(write, 'c')
    t.same(titles(), ['a', 'b', 'c'], 'the next write succeeds after space is freed')
  },
)

t.test('if a write does not fit on the disk, the other writes are committed', async (t) => {
  const { write, titles } = await setUp(t)
  await fillDisk(write)
  const endings = await Promise.allSettled([
    add(write, 'a'),
    add(write, 'x'.repeat(1_000_000)),
    add(write, 'b'),
  ])
  t.same(
    endings.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  t.type(Reflect.get(endings[1] ?? {}, 'reason'), DatabaseFull)
  t.same(titles(), ['a', 'b'])
})

t.test('if a write breaks a deferred constraint, the other writes are committed', async (t) => {
  const { write, titles } = await setUp(t)
  const reference = 'integer references heads (id) deferrable initially deferred'
  await write((writer) =>
    sql.raw(`create table heads (id integer primary key, head ${reference})`).execute(writer),
  )
  const endings = await Promise.allSettled([
    add(write, 'a'),
    write((writer) => sql`insert into heads values (1, 9)`.execute(writer)),
    add(write, 'b'),
    write((writer) => sql`insert into heads values (1, 1)`.execute(writer)),
    write((writer) => sql`insert into heads values (1, 1)`.execute(writer)),
  ])
  t.match(endings, [
    { status: 'fulfilled' },
    { status: 'rejected', reason: { constraint: 'reference', columns: [] } },
    { status: 'fulfilled' },
    { status: 'fulfilled' },
    { status: 'rejected', reason: { constraint: 'unique', columns: ['id'] } },
  ])
  t.same(titles(), ['a', 'b'])
})

t.test(
  'writes that arrive during a transaction are committed in the next transaction',
  async (t) => {
    const { write, other, titles } = await setUp(t)
    const changes = countChanges(other)
    const late: Promise<unknown>[] = []
    await write(async (writer) => {
      await insert(writer, 'a')
      late.push(add(write, 'b'), add(write, 'c'))
      await nextTurn()
    })
    t.equal(changes(), 1)
    t.same(titles(), ['a'])
    await Promise.all(late)
    t.equal(changes(), 1, 'the late writes are committed together')
    t.same(titles(), ['a', 'b', 'c'])
  },
)

t.test('a write that arrives after all others have ended is committed', async (t) => {
  const { write, titles } = await setUp(t)
  await add(write, 'a')
  await nextTurn()
  await add(write, 'b')
  t.same(titles(), ['a', 'b'])
})

t.test('while another process writes, reads run and writes wait', async (t) => {
  const { write, reader, other, titles } = await setUp(t)
  other.exec('begin immediate')
  const events: string[] = []
  const written = add(write, 'a').then(() => events.push('written'))
  for (let turn = 0; turn < 100; turn++) {
    await nextTurn()
    await reader.selectFrom('fixture_notes').select('title').execute()
  }
  events.push('read')
  other.exec('commit')
  events.push('let go')
  await written
  t.same(events, ['read', 'let go', 'written'])
  t.same(titles(), ['a'])
})

t.test('all waiting writes are rejected if the file stays locked', async (t) => {
  const { write, other, titles } = await setUp(t, 20)
  other.exec('begin immediate')
  const endings = await Promise.allSettled([add(write, 'a'), add(write, 'b')])
  for (const ending of endings) {
    t.equal(ending.status, 'rejected')
    t.type(Reflect.get(ending, 'reason'), DatabaseUnavailable)
  }
  other.exec('commit')
  await add(write, 'c')
  t.same(titles(), ['c'], 'a write after the file is unlocked succeeds')
})

t.test('the timeout of a waiting write begins at its arrival', async (t) => {
  const timeout = 1_000
  const { write, other, titles } = await setUp(t, timeout)
  other.exec('begin immediate')
  const first = add(write, 'first')
  await delay(timeout / 2)
  const second = add(write, 'second')
  await t.rejects(first, { message: 'SQLite: database is locked' })
  other.exec('commit')
  await second
  t.same(titles(), ['second'], 'the second write was not rejected together with the first')
})

t.test('other requests are handled between consecutive writes', async (t) => {
  const { write } = await setUp(t)
  const events: string[] = []
  setImmediate(() => setImmediate(() => events.push('another')))
  for (let index = 0; index < 10; index++) await add(write, String(index))
  events.push('all written')
  t.same(events, ['another', 'all written'])
})

t.test(
  'slow writes are divided into several commits, and other requests are handled in between',
  async (t) => {
    const statements = observe(t)
    const { write, titles } = await setUp(t)
    statements.length = 0
    const events: string[] = []
    setImmediate(() => setImmediate(() => events.push('another')))
    const slow = (title: string) =>
      write(async (writer) => {
        const end = performance.now() + 30
        while (performance.now() < end); // blocks like a statement on many rows
        return insert(writer, title)
      }).then(({ title }) => events.push(title))
    await Promise.all(['a', 'b', 'c'].map(slow))
    t.same(statements, Array(3).fill(['begin immediate', 'commit']).flat())
    t.same(titles(), ['a', 'b', 'c'])
    t.match(events.slice(0, 2), ['a', 'another'])
  },
)

t.test('a closed writer rejects each write', async (t) => {
  const database = await openMigrated(t, await lastingUrl(t))
  const run = () => {
    throw new Error('closed')
  }
  const write = groupCommits({ queries: database.reader, run }, 1_000)
  await database.close()
  for (const title of ['a', 'b']) await t.rejects(add(write, title), title)
  t.equal((await Promise.allSettled([add(write, 'c'), add(write, 'd')])).length, 2)
})

t.test('close() rejects writes that wait for another process', async (t) => {
  const { write, other, close } = await setUp(t)
  other.exec('begin immediate')
  const written = t.rejects(add(write, 'a'))
  await nextTurn()
  await close()
  await written
})
