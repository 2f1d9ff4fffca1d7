import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { buildApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { createLog, expectReply } from '../app.ts'
import { fencedBlocks } from './console.ts'

const ROOT = join(import.meta.dirname, '../..')

t.test('the route that README.md shows does what README.md says of it', async (t) => {
  const copy = t.testdir()
  for (const part of ['src', 'plugins', 'routes', 'package.json']) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))

  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const [code] = fencedBlocks(readme).filter(({ language }) => language === 'ts')
  const path = code?.lines[0]?.match(/^\/\/ (.+)$/)?.[1] ?? ''
  mkdirSync(dirname(join(copy, path)), { recursive: true })
  writeFileSync(join(copy, path), code?.lines.join('\n') ?? '')

  const copied: { buildApp: typeof buildApp } = await import(join(copy, 'src/app.ts'))
  const config = parseConfig({ DATABASE_URL: 'sqlite::memory:' })
  const app = await copied.buildApp(config, { logDestination: createLog() })
  t.teardown(() => app.close())

  const url = '/books/1'
  const book = { id: 1, title: 'Moby-Dick' }
  await expectReply(t, app, { url }, { body: book })
  for (const accept of ['application/xml', 'text/html']) {
    await expectReply(t, app, { url, headers: { accept } }, { type: `${accept}; charset=utf-8` })
  }
  await expectReply(t, app, { url: '/books/x' }, { status: 400 })
  const refused = { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } }
  await expectReply(t, app, { method: 'POST', url }, refused)
  await expectReply(t, app, { url, headers: { accept: 'image/png' } }, { status: 406 })
})
