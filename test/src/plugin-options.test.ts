import t from 'tap'
import { Type } from 'typebox'
import { parseOptions } from '../../src/plugin-options.ts'

const Options = Type.Object({
  limit: Type.Integer({ minimum: 0, default: 10 }),
  users: Type.Array(Type.Object({ name: Type.String() }), { default: [] }),
  check: Type.Optional(Type.Unsafe<() => boolean>({})),
})

const parse = (options: object) => parseOptions('plugin', Options, options)

t.test('absent and undefined options take their defaults', async (t) => {
  t.strictSame(parse({}), { limit: 10, users: [] })
  t.strictSame(parse({ limit: undefined }), { limit: 10, users: [] })
})

t.test('each parsed result gets its own copy of a default', async (t) => {
  parse({}).users.push({ name: 'luis' })
  t.strictSame(parse({}).users, [])
})

t.test('an option that is a function stays the same function', async (t) => {
  const check = Object.assign(() => true, { extra: 1 })
  t.equal(parse({ check }).check, check)
})

t.test('options of app.register() are accepted, and not passed to the plugin', async (t) => {
  const options = { prefix: '/plugin', logLevel: 'info', logSerializers: {}, limit: 1 }
  t.strictSame(parse(options), { limit: 1, users: [] })
})

const WRONG: [options: object, message: string][] = [
  [{ limit: -1 }, 'plugin: option limit must be >= 0'],
  [{ limit: '1' }, 'plugin: option limit must be integer'],
  [{ users: [{ name: 1 }] }, 'plugin: option users.0.name must be string'],
  [{ limits: 1 }, 'plugin: option limits is unknown; options: limit, users, check'],
  [{ toString: 1 }, 'plugin: option toString is unknown; options: limit, users, check'],
]

for (const [options, message] of WRONG) {
  t.test(
    `${JSON.stringify(options)} is refused with a message that names the plugin and the option`,
    async (t) => {
      t.throws(() => parse(options), { message })
    },
  )
}
