import fastify from 'fastify'
import t from 'tap'
import { findPlugins, removeHooks } from '../../bench/without.ts'
import { addHook } from '../../src/hooks.ts'

t.test(
  'findPlugins() finds plugins that are files, and plugins that are folders with an index.ts',
  async (t) => {
    const folder = t.testdir({
      'one.ts': '',
      two: { 'index.ts': '', 'part.ts': '' },
      'README.md': '',
      notes: { 'part.ts': '' },
    })
    t.same(findPlugins(folder).toSorted(), ['one', 'two'])
  },
)

t.test('only the hooks of the named plugin are removed', async (t) => {
  const app = fastify()
  const ran: string[] = []
  for (const name of ['one', 'one/part', 'one-more']) {
    addHook(app, 'onRequest', name, () => void ran.push(name))
  }
  removeHooks(app, 'one')
  await app.inject('/')
  t.strictSame(ran, ['one-more'])
})
