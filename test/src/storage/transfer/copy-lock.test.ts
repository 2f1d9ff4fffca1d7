import type { Write } from '../../../../src/storage/database.ts'
import { DatabaseUnavailable } from '../../../../src/storage/engines/failure.ts'
import { openDatabase, openSource } from '../../../../src/storage/open-database.ts'
import { copy } from '../../../../src/storage/transfer/copy.ts'
import { openMigrated } from '../../../database.ts'
import { testOnEachPair } from '../../../engines.ts'
import { readAll } from '../../../storage-rows.ts'
import '../../../fixtures/register.ts'

testOnEachPair('during a copy, the target can be read but not written', async (t, from, to) => {
  await openMigrated(t, from)
  const target = await openMigrated(t, to)
  const service = await openDatabase(to)
  t.teardown(() => service.close())
  const row = { id: 9, title: 'zoë' }
  const transactAlone: Write = (work) =>
    target.transactAlone(async (writer) => {
      const result = await work(writer)
      t.equal((await service.reader.selectFrom('fixture_notes').selectAll().execute()).length, 1)
      const ending = await service
        .write((other) => other.insertInto('fixture_notes').values(row).execute())
        .then(
          () => 'written',
          (reason: unknown) => reason,
        )
      t.type(ending, DatabaseUnavailable)
      return result
    })
  await copy(await openSource(from, 1_000), { ...target, transactAlone }, false)
  await service.write((other) => other.insertInto('fixture_notes').values(row).execute())
  t.match(
    await readAll(to),
    { fixture_notes: { length: 2 } },
    'the target can be written after the copy',
  )
})
