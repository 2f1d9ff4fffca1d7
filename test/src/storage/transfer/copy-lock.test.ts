import type { Write } from '../../../../src/storage/database.ts'
import { DatabaseUnavailable } from '../../../../src/storage/engines/failure.ts'
import { openDatabase, openSource } from '../../../../src/storage/open-database.ts'
import { copy } from '../../../../src/storage/transfer/copy.ts'
import { openMigrated } from '../../../database.ts'
import { testOnEachPair } from '../../../engines.ts'
import { readAll } from '../../../storage-rows.ts'

testOnEachPair('what is copied to can be read meanwhile, and not written', async (t, from, to) => {
  await openMigrated(t, from)
  const target = await openMigrated(t, to)
  const service = await openDatabase(to)
  t.teardown(() => service.close())
  const row = { id: 9, name: 'zoë' }
  const transactAlone: Write = (work) =>
    target.transactAlone(async (writer) => {
      const result = await work(writer)
      t.equal((await service.reader.selectFrom('users').selectAll().execute()).length, 3)
      const ending = await service
        .write((other) => other.insertInto('users').values(row).execute())
        .then(
          () => 'written',
          (reason: unknown) => reason,
        )
      t.type(ending, DatabaseUnavailable)
      return result
    })
  await copy(await openSource(from, 1_000), { ...target, transactAlone }, false)
  await service.write((other) => other.insertInto('users').values(row).execute())
  t.match(await readAll(to), { users: { length: 4 } }, 'and once it is done, all works')
})
