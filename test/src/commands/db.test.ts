import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { openMigrated } from '../../database.ts'
import { folderOf } from '../../engines.ts'
import { FIXTURES } from '../../fixtures/register.ts'
import { damage } from '../../storage-rows.ts'

const COMMAND = fileURLToPath(new URL('../../../src/commands/db.ts', import.meta.url))

/** Runs src/commands/db.ts in the folder of the test. Variables that it does not need have invalid values. */
function run(t: Test, env: Record<string, string>, ...words: string[]) {
  const { DATABASE_URL, ...rest } = process.env
  return spawnSync(process.execPath, [FIXTURES, COMMAND, ...words], {
    cwd: folderOf(t),
    env: { ...rest, ...env, HOST: '0.0.0.0', AUTH_USERS: 'no entry' },
    encoding: 'utf8',
  })
}

t.test('npm run db reads DATABASE_URL from .env, and needs no other variable', async (t) => {
  writeFileSync(join(folderOf(t), '.env'), 'DATABASE_URL=sqlite:from-env.db\n')
  await openMigrated(t, `sqlite:${join(folderOf(t), 'from-env.db')}`)
  t.match(run(t, {}, 'status'), {
    status: 0,
    stderr: '',
    stdout: /^database: sqlite:from-env\.db\nengine: .+\nrows in fixture_files: 0\n/s,
  })
})

t.test(
  'the `status` command exits with 1 for a damaged file, but still describes the database',
  async (t) => {
    const file = join(folderOf(t), 'api.db')
    await (await openMigrated(t, `sqlite:${file}`)).close()
    damage(file)
    t.match(run(t, { DATABASE_URL: `sqlite:${file}` }, 'status'), {
      status: 1,
      stderr: '',
      stdout: /\nintegrity: .*notes_by_title.*\nrows in/,
    })
  },
)

t.test('without a command, the usage is shown', async (t) => {
  t.match(run(t, {}), { status: 0, stderr: '', stdout: /^usage: .+ status .+--replace/s })
})

t.test('an unknown command exits with 2, and prints one line and the usage', async (t) => {
  const { status, stdout, stderr } = run(t, {}, 'delete')
  t.match({ status, stdout }, { status: 2, stdout: '' })
  t.match(stderr, /^db: there is no command delete\nusage: /)
  t.equal(existsSync(join(folderOf(t), 'data')), false, 'an unknown command creates no file')
})

t.test('a failed command exits with 1, and prints one line', async (t) => {
  const { status, stdout, stderr } = run(t, {}, 'restore', 'a\nb.db')
  t.match({ status, stdout }, { status: 1, stdout: '' })
  t.match(stderr, /^db: there is no file \/.*a b\.db\n$/)
})
