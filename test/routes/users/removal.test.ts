import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { AUTHORIZATION } from '../../app.ts'
import { cloneProject, expectTypes, runScript } from '../../docs/clone.ts'
import { startProcess } from '../../server.ts'

t.setTimeout(120_000)

t.test(
  'after a resource is deleted, the service starts with an old database and serves the other resources',
  async (t) => {
    const clone = await cloneProject(t)
    const DATABASE_URL = `sqlite:${join(clone, 'old.db')}`
    const db = (command: string) =>
      runScript(clone, `--env-file=${join(clone, 'database.env')}`, 'src/commands/db.ts', command)
    writeFileSync(join(clone, 'database.env'), `DATABASE_URL=${DATABASE_URL}\n`)
    t.match(await db('migrate'), { code: 0, output: /^applied: 20261122T1200-users$/m })

    for (const folder of ['routes/users', 'test/routes/users']) {
      rmSync(join(clone, folder), { recursive: true })
    }
    await expectTypes(t, clone)
    const { url } = await startProcess(t, [join(clone, 'src/start.js')], { DATABASE_URL })
    const read = async (path: string) => (await fetch(url + path)).status
    t.equal(await read('/users/1'), 404)
    t.equal(await read('/articles/123'), 200)
    t.equal(await read('/health/ready'), 200)
    const created = await fetch(`${url}/articles`, {
      method: 'POST',
      headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'a', body: 'b', author: 'c' }),
    })
    t.equal(created.status, 201)
    t.equal(await read(String(created.headers.get('location'))), 200)

    const { output } = await db('status')
    t.match(
      output,
      'unknown migrations: 20261122T1200-users (accepted: needs 0.1.0), 20261122T1210-tutorial-users (accepted: needs 0.1.0)',
    )
    t.match(output, /^rows in users: 3$/m, 'the rows of users are kept')
  },
)
