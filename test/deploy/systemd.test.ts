import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { verifyBackup } from '../../src/storage/transfer/verify.ts'
import { openMigrated } from '../database.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { skipUnless } from '../requirement.ts'
import { KEYS, numberOf, readText } from './files.ts'

const FOLDER = 'deploy/systemd'
const ROOT = join(import.meta.dirname, '../..')
const { name: NAME } = JSON.parse(readText('package.json'))

/** The project and its data on a machine with systemd. */
const PROJECT = `/opt/${NAME}`
const STATE = `/var/lib/${NAME}`

const UNITS = ['api.service', 'api-backup.service', 'api-backup.timer']

/** Highest exposure that `systemd-analyze security` may find: 2.0 of 10. */
const MAX_EXPOSURE = '20'

const skip = skipUnless('systemd')

/** Returns the values of a key in a unit. */
function valuesOf(unit: string, key: string): string[] {
  const pattern = new RegExp(`^${key}=(.*)$`, 'gm')
  return [...readText(`${FOLDER}/${unit}`).matchAll(pattern)].map(([, value = '']) => value)
}

/** Writes the units for the project in this folder, and returns their paths. */
function writeUnits(t: Test): string[] {
  const directory = t.testdir()
  return UNITS.map((unit) => {
    const path = join(directory, unit)
    writeFileSync(path, readText(`${FOLDER}/${unit}`).replaceAll(PROJECT, ROOT))
    return path
  })
}

t.test('systemd accepts the units', { skip }, async (t) => {
  t.strictSame(readdirSync(join(ROOT, FOLDER)).sort(), UNITS.toSorted())
  const args = ['verify', '--man=no', ...writeUnits(t)]
  const { status, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
  t.equal(status, 0, stderr)
  t.equal(stderr, '')
})

t.test('the services are sandboxed', { skip }, async (t) => {
  for (const path of writeUnits(t).filter((path) => path.endsWith('.service'))) {
    const args = ['security', '--offline=true', `--threshold=${MAX_EXPOSURE}`, path]
    const { status, stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
    t.equal(status, 0, stdout.slice(stdout.lastIndexOf('→')))
  }
})

t.test(
  'the service has the time, connections and files that its configuration allows',
  async (t) => {
    const [stop] = valuesOf('api.service', 'TimeoutStopSec')
    t.ok(Number(stop) * 1_000 > numberOf({}, 'SHUTDOWN_DELAY') + numberOf({}, 'SHUTDOWN_TIMEOUT'))
    const [files] = valuesOf('api.service', 'LimitNOFILE')
    t.ok(Number(files) > numberOf({}, 'MAX_CONNECTIONS'))
    for (const unit of ['api.service', 'api-backup.service']) {
      const [variable = ''] = valuesOf(unit, 'Environment')
      t.equal(variable, `DATABASE_URL=sqlite:${STATE}/api.db`, 'both use the same database')
      t.ok(KEYS.has(String(variable.split('=')[0])))
      t.strictSame(valuesOf(unit, 'User'), [NAME])
    }
  },
)

t.test('the command of the service is that of npm start, without a debugger', async (t) => {
  const { scripts } = JSON.parse(readText('package.json'))
  const start = scripts.start.replace('node', `${PROJECT}/node_modules/.bin/node --disable-sigusr1`)
  t.strictSame(valuesOf('api.service', 'ExecStart'), [start])
})

t.test('the backup service writes a backup that is verified', async (t) => {
  const state = t.testdir()
  mkdirSync(join(state, 'backups'))
  const inTest = (text: string) => text.replaceAll(PROJECT, ROOT).replaceAll(STATE, state)
  const [variable = '', command = ''] = ['Environment', 'ExecStart'].map((key) =>
    inTest(String(valuesOf('api-backup.service', key)[0])),
  )
  const DATABASE_URL = variable.replace('DATABASE_URL=', '')
  await (await openMigrated(t, DATABASE_URL)).close()
  const [program = '', ...args] = command.split(' ')
  const env = { ...process.env, DATABASE_URL, NODE_OPTIONS: FIXTURES }
  const { status, stderr } = spawnSync(program, args, { cwd: ROOT, env, encoding: 'utf8' })
  t.equal(status, 0, stderr)
  const [file = ''] = readdirSync(join(state, 'backups'))
  t.equal((await verifyBackup(join(state, 'backups', file))).compared, 'all')
})
