/** Tests the example rows of all resources of the service, including those of new resources. */
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { seed } from '../src/storage/seeds.ts'
import { open } from './database.ts'
import { databaseUrl, testOnEachEngine } from './engines.ts'

const FOLDER = join(import.meta.dirname, '../routes')

testOnEachEngine('`npm run db -- seed` can write the example rows of all resources', async (t) => {
  const names = globSync('*/seed.ts', { cwd: FOLDER }).map(dirname)
  const writing = seed(await open(t, await databaseUrl(t)))
  if (names.length > 0) t.strictSame((await writing).toSorted(), names.sort())
  else await t.rejects(writing, { message: /^there are no example rows/ })
})
