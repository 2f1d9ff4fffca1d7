/** Runs the restore drill of docs/operations.md, with a backup of a filled database. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { backUpInto } from '../../src/storage/transfer/backup-folder.ts'
import { openMigrated } from '../database.ts'
import { folderOf, lastingUrl } from '../engines.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { freePort } from '../free-port.ts'
import { FAST_START } from '../server.ts'
import { fill } from '../storage-rows.ts'
import { fencedBlocks } from './console.ts'

const ROOT = join(import.meta.dirname, '../..')

const [, DRILL = ''] = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8').split(
  '### Restore drill',
)
const [BLOCK] = fencedBlocks(DRILL)

/** Runs the commands of the drill, with the folder of the test, and stops at the first failure. */
async function runDrill(t: Test) {
  const port = await freePort()
  const script = String(BLOCK?.lines.join('\n'))
    .replace(/\/var\/lib\/[\w-]+/, folderOf(t))
    .replaceAll('drill.db', join(folderOf(t), 'drill.db'))
    .replaceAll('5001', String(port))
  const { NODE_DISABLE_COMPILE_CACHE, ...inherited } = process.env
  const env = { ...inherited, ...FAST_START, NODE_OPTIONS: FIXTURES }
  return spawnSync('bash', ['-euc', script], { cwd: ROOT, env, encoding: 'utf8' })
}

t.test('the restore drill restores a backup, and starts the service on it', async (t) => {
  const url = await lastingUrl(t)
  const database = await openMigrated(t, url)
  await fill(database)
  const folder = join(folderOf(t), 'backups')
  mkdirSync(folder)
  const { file } = await backUpInto(folder, 1, url, 1_000)
  const { status, stdout, stderr } = await runDrill(t)
  t.equal(status, 0, stderr)
  for (const line of [
    `verified: ${file}`,
    `restored from ${file}`,
    'rows in fixture_notes: 253',
    'Server listening at',
    'ready',
    'draining',
  ]) {
    t.match(stdout, line)
  }
  t.notOk(existsSync(join(folderOf(t), 'drill.db')), 'the drill removes its database')
})

t.test('the restore drill stops if the backup was changed', async (t) => {
  const url = await lastingUrl(t)
  await fill(await openMigrated(t, url))
  const folder = join(folderOf(t), 'backups')
  mkdirSync(folder)
  const { file } = await backUpInto(folder, 1, url, 1_000)
  const backup = new DatabaseSync(file)
  backup.exec("update fixture_notes set body = 'b'")
  backup.close()
  const { status, stderr } = await runDrill(t)
  t.equal(status, 1)
  t.match(stderr, 'db: the rows of fixture_notes were changed after the backup was written')
})
