import t from 'tap'
import { findPlugins, isModuleOf } from '../../bench/without.ts'

t.test('a plugin is a file or a folder with an index', async (t) => {
  const folder = t.testdir({
    'one.ts': '',
    two: { 'index.ts': '', 'part.ts': '' },
    'README.md': '',
    notes: { 'part.ts': '' },
  })
  t.same(findPlugins(folder).toSorted(), ['one', 'two'])
})

t.test('the module of a plugin is found in both forms, and no part of it', async (t) => {
  t.ok(isModuleOf('logging', 'file:///service/plugins/logging.ts'))
  t.ok(isModuleOf('logging', 'file:///service/plugins/logging/index.ts'))
  for (const other of [
    'logging/lines.ts',
    'logging.ts?original',
    'no-logging.ts',
    'log/index.ts',
  ]) {
    t.notOk(isModuleOf('logging', `file:///service/plugins/${other}`), other)
  }
})
