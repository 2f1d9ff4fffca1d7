import { createHook } from 'node:async_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import t from 'tap'
import { keptTick } from '../../src/v8-settings.js'

t.test('an object of process.nextTick is kept, so that V8 remembers their shape', (t) => {
  let tick: object | undefined
  const hook = createHook({
    init(_id, _type, _trigger, resource) {
      tick = resource
    },
  }).enable()
  process.nextTick(() => {})
  hook.disable()
  setFlagsFromString('--allow-natives-syntax')
  const haveSameMap = runInThisContext('(one, other) => %HaveSameMap(one, other)')
  t.ok(haveSameMap(keptTick, tick))
  t.notOk(haveSameMap(keptTick, {}))
  t.end()
})
