import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { openSource } from '../../src/storage/open-database.ts'
import { folderOf, lastingUrl, testOnEachEngine } from '../engines.ts'
import { FAST_START } from '../server.ts'
import { readAll } from '../storage-rows.ts'
import { createNextRelease, MIGRATION, runCommand, startRelease, THIS } from './next-release.ts'
import { rollBack } from './roll-back.ts'
import { verify } from './verification.ts'

t.setTimeout(600_000)

const ACCEPTED = 'the database has migrations that this version lacks, and that allow it to run'

/** Counts the notes that the later release wrote, and the others. */
async function countMoods(url: string) {
  const { readSnapshot } = await openSource(url, 10_000)
  const { rows } = await readSnapshot((db) =>
    sql<{ calm: number; none: number }>`
      select count(mood) as calm, count(*) - count(mood) as none from fixture_notes
    `.execute(db),
  )
  return rows[0] ?? { calm: 0, none: 0 }
}

testOnEachEngine('a rollback from the next release loses and doubles no write', async (t) => {
  const later = await createNextRelease(t)
  const { DATABASE_URL, environment, entries, lines } = await rollBack(t, THIS, later)
  t.match(
    lines.filter((line) => line.includes(ACCEPTED)),
    [MIGRATION],
  )
  const { calm, none } = await countMoods(DATABASE_URL)
  t.ok(calm > 0 && none > 0, `the later release wrote ${calm} of the notes, the older one ${none}`)

  await t.test('backups of this version have all that the next release has written', async (t) => {
    const file = join(folderOf(t), 'backup.db')
    t.match(await runCommand(THIS, DATABASE_URL, 'backup', file), /^rows in fixture_moods: 1$/m)
    for (const release of [THIS, later]) {
      t.match(await runCommand(release, '', 'verify', file), /^verified: /m)
    }
    const restored = `sqlite:${join(folderOf(t), 'restored.db')}`
    await runCommand(later, restored, 'restore', file)
    t.strictSame(await readAll(restored), await readAll(DATABASE_URL))
    await runCommand(THIS, DATABASE_URL, 'restore', file, '--replace')
    t.strictSame(await readAll(restored), await readAll(DATABASE_URL))
  })

  const again = await startRelease(t, later, environment)
  await verify(t, again.url, entries)
  t.equal(await again.stop(), 0)
})

testOnEachEngine('a release that the next schema does not allow does not start', async (t) => {
  const DATABASE_URL = await lastingUrl(t)
  const later = await createNextRelease(t, '999.0.0')
  await runCommand(later, DATABASE_URL, 'migrate')
  const before = await readAll(DATABASE_URL)
  await t.rejects(runCommand(THIS, DATABASE_URL, 'migrate'), {
    message: /needs version 999\.0\.0 or later, and this is .*: use a later version, or restore/,
  })
  await t.rejects(startRelease(t, THIS, { ...FAST_START, DATABASE_URL }), {
    message: 'the service ended with 1 before it listened',
  })
  t.strictSame(await readAll(DATABASE_URL), before)
})
