import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { buildApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { createLog, expectReply } from '../app.ts'
import { cloneProject, writeBlocks } from '../docs/clone.ts'

const README = join(import.meta.dirname, '../../README.md')

t.test('the route in README.md returns the responses that README.md states', async (t) => {
  const clone = await cloneProject(t)
  writeBlocks(clone, readFileSync(README, 'utf8'))

  const cloned: { buildApp: typeof buildApp } = await import(join(clone, 'src/app.ts'))
  const config = parseConfig({ DATABASE_URL: 'sqlite::memory:' })
  const app = await cloned.buildApp(config, { logDestination: createLog() })
  t.teardown(() => app.close())

  const url = '/planets/1'
  const planet = { id: 1, name: 'Mars' }
  await expectReply(t, app, { url }, { body: planet })
  for (const accept of ['application/xml', 'text/html']) {
    await expectReply(t, app, { url, headers: { accept } }, { type: `${accept}; charset=utf-8` })
  }
  await expectReply(t, app, { url: '/planets/x' }, { status: 400 })
  const refused = { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } }
  await expectReply(t, app, { method: 'POST', url }, refused)
  await expectReply(t, app, { url, headers: { accept: 'image/png' } }, { status: 406 })
})
