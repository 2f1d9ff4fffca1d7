import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readMigrationState } from '../../../../src/storage/migration-state.ts'
import { openSource } from '../../../../src/storage/open-database.ts'
import { openMigrated } from '../../../database.ts'
import { testOnEachPair } from '../../../engines.ts'
import { copyUrl, fill, readAll } from '../../../storage-rows.ts'
import '../../../fixtures/register.ts'

const ROOT = new URL('../../../../', import.meta.url).href

/** Program that copies a database, reports when all rows are copied, and then waits before the commit. */
const PROGRAM = `
  import '${ROOT}test/fixtures/register.ts'
  import { copy } from '${ROOT}src/storage/transfer/copy.ts'
  import { openDatabase, openSource } from '${ROOT}src/storage/open-database.ts'
  const [from, to] = process.argv.slice(1)
  const database = await openDatabase(to)
  const transactAlone = (work) => database.transactAlone(async (writer) => {
    await work(writer)
    process.stdout.write('copied')
    await new Promise((resolve) => setTimeout(resolve, 60_000))
  })
  await copy(await openSource(from, 5_000), { ...database, transactAlone }, false)
`

testOnEachPair('a killed copy leaves the target unchanged', async (t, from, to) => {
  await fill(await openMigrated(t, from))
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, from, to], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  t.match(String((await once(child.stdout, 'data'))[0]), 'copied')
  child.kill('SIGKILL')
  await exit

  const target = await openSource(to, 1_000)
  t.match(await target.readSnapshot((db) => readMigrationState(db, target.dialect)), {
    applied: [],
  })
  t.strictSame(await readAll(to), {})
  await copyUrl(t, from, to)
  t.strictSame(await readAll(to), await readAll(from), 'a second copy succeeds')
})
