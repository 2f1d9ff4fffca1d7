import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { readCommand } from '../../../src/commands/database-command.ts'
import { RESOURCES } from '../../../src/resources.ts'
import { seed } from '../../../src/storage/seeds.ts'
import { open, openMigrated } from '../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine } from '../../engines.ts'
import { CONSTRAINED } from '../../fixtures/folder.ts'
import { createNoteStore } from '../../fixtures/resources/notes/store.ts'
import '../../fixtures/register.ts'

RESOURCES.push(CONSTRAINED)

/** Adds a resource that has only example rows. */
function addSeed(t: Test, name: string, source: string) {
  const folder = join(folderOf(t), name)
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'seed.ts'), source)
  RESOURCES.push(folder)
  t.teardown(() => RESOURCES.splice(RESOURCES.indexOf(folder), 1))
}

testOnEachEngine('`seed` migrates a database and writes the example rows once', async (t) => {
  const DATABASE_URL = await lastingUrl(t)
  const run = async () => readCommand(['seed'])?.({ DATABASE_URL, DATABASE_TIMEOUT: '20000' })
  t.match(await run(), { lines: ['wrote the example rows of fixture-projects'], isSound: true })
  const { reader } = await open(t, DATABASE_URL)
  const projects = () =>
    reader.selectFrom('fixture_projects').select(['name', 'owner_id']).execute()
  t.strictSame(await projects(), [{ name: 'A bridge', owner_id: 1 }])
  await t.rejects(run(), {
    message: /^the database holds data \(rows: .*\bfixture_projects 1\b.*\): use a new database$/,
  })
  t.equal((await projects()).length, 1)
})

testOnEachEngine('a database with other data gets no example rows', async (t) => {
  const database = await openMigrated(t, await lastingUrl(t))
  await createNoteStore(database).create({ title: 'a', body: 'b', author: 'c' })
  await t.rejects(seed(database), {
    message: /^the database holds data \(rows: .*\bfixture_notes 2\b/,
  })
})

testOnEachEngine('if the seed of a resource fails, no example rows are written', async (t) => {
  const database = await openMigrated(t, await lastingUrl(t))
  addSeed(t, 'faulty', "export const seed = async () => { throw new Error('no paper') }")
  const message = 'cannot write the example rows of faulty: no paper'
  await t.rejects(seed(database), { message })
  t.strictSame(await database.reader.selectFrom('fixture_owners').selectAll().execute(), [])
})

testOnEachEngine(
  'a seed without a function, and a service without seeds, are refused',
  async (t) => {
    const database = await openMigrated(t, await lastingUrl(t))
    addSeed(t, 'empty', 'export const rows = []')
    await t.rejects(seed(database), { message: /empty\/seed\.ts: export a function seed$/ })
    const all = RESOURCES.splice(0)
    t.teardown(() => RESOURCES.push(...all))
    await t.rejects(seed(database), {
      message: /^there are no example rows: export a function seed/,
    })
  },
)
