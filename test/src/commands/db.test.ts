import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { openMigrated } from '../../database.ts'
import { folderOf } from '../../engines.ts'
import { damage } from '../../storage-rows.ts'

const COMMAND = fileURLToPath(new URL('../../../src/commands/db.ts', import.meta.url))

/** Runs the command in the test's folder, where nothing but the database is configured. */
function run(t: Test, env: Record<string, string>, ...words: string[]) {
  const { DATABASE_URL, ...rest } = process.env
  return spawnSync(process.execPath, [COMMAND, ...words], {
    cwd: folderOf(t),
    env: { ...rest, ...env, HOST: '0.0.0.0', AUTH_USERS: 'no entry' },
    encoding: 'utf8',
  })
}

t.test('the database is found in .env, and needs no other setting', async (t) => {
  writeFileSync(join(folderOf(t), '.env'), 'DATABASE_URL=sqlite:from-env.db\n')
  await openMigrated(t, `sqlite:${join(folderOf(t), 'from-env.db')}`)
  t.match(run(t, {}, 'status'), {
    status: 0,
    stderr: '',
    stdout: /^database: sqlite:from-env\.db\nengine: .+\nrows in messages: 0\n/s,
  })
})

t.test('status of a damaged file fails, and tells the rest', async (t) => {
  const file = join(folderOf(t), 'api.db')
  await (await openMigrated(t, `sqlite:${file}`)).close()
  damage(file)
  t.match(run(t, { DATABASE_URL: `sqlite:${file}` }, 'status'), {
    status: 1,
    stderr: '',
    stdout: /\nintegrity: .*users_by_name.*\nrows in/,
  })
})

t.test('no command shows the usage', async (t) => {
  t.match(run(t, {}), { status: 0, stderr: '', stdout: /^usage: .+ status .+--replace/s })
})

t.test('a misuse ends with a line, the usage and exit code 2', async (t) => {
  const { status, stdout, stderr } = run(t, {}, 'delete')
  t.match({ status, stdout }, { status: 2, stdout: '' })
  t.match(stderr, /^db: there is no command delete\nusage: /)
  t.equal(existsSync(join(folderOf(t), 'data')), false, 'and nothing is made')
})

t.test('a failure ends with a line and exit code 1', async (t) => {
  const { status, stdout, stderr } = run(t, {}, 'restore', 'a\nb.db')
  t.match({ status, stdout }, { status: 1, stdout: '' })
  t.match(stderr, /^db: there is no file \/.*a b\.db\n$/)
})
