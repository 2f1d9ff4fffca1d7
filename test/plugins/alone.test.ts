import { existsSync, readdirSync } from 'node:fs'
import { join, parse } from 'node:path'
import fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import t, { type Test } from 'tap'
import { ROWS, type Row, tracingRow } from './alone.ts'

const PLUGINS = join(import.meta.dirname, '../../plugins')

interface Meta {
  name: string
  dependencies?: string[]
}

async function load(name: string): Promise<FastifyPluginAsync> {
  const file = join(PLUGINS, `${name}.ts`)
  const { default: plugin } = await import(
    existsSync(file) ? file : join(PLUGINS, name, 'index.ts')
  )
  return plugin
}

/** Returns the metadata that fastify-plugin adds to a plugin. */
function metaOf(plugin: FastifyPluginAsync): Meta {
  return Reflect.get(plugin, Symbol.for('plugin-meta'))
}

async function registerDependencies(app: FastifyInstance, plugin: FastifyPluginAsync) {
  for (const name of metaOf(plugin).dependencies ?? []) {
    const dependency = await load(name)
    await registerDependencies(app, dependency)
    if (!app.hasPlugin(name)) await app.register(dependency)
  }
}

/** Builds a plain Fastify app with the dependencies of a plugin, and with the plugin itself if `options` is defined. */
async function build(t: Test, { plugin: name, factory, setup }: Row, options?: object) {
  const app = fastify({ ...factory, forceCloseConnections: true })
  t.teardown(() => app.close())
  const plugin = await load(name)
  await registerDependencies(app, plugin)
  if (options) await app.register(plugin, options)
  setup?.(app)
  return app
}

function proveAlone(row: Row) {
  const { plugin, effect, options = {}, observe, expected } = row
  t.test(`on plain Fastify, ${plugin} ${effect}`, async (t) => {
    t.match(await observe(await build(t, row, options), t), expected)
    t.notMatch(
      await observe(await build(t, row), t),
      expected,
      `without ${plugin}, the result is different`,
    )
  })
}

for (const row of ROWS) proveAlone(row)
proveAlone(await tracingRow(t))

const NAMES = readdirSync(PLUGINS).map((file) => parse(file).name)

for (const name of NAMES) {
  t.test(`${name} can be registered on plain Fastify with its default options`, async (t) => {
    const row = ROWS.find(({ plugin }) => plugin === name)
    const app = fastify(row?.factory)
    t.teardown(() => app.close())
    const plugin = await load(name)
    t.equal(metaOf(plugin).name, name, 'the plugin has the name of its file')
    await registerDependencies(app, plugin)
    await app.register(plugin)
    app.get('/', async () => 'hello')
    t.equal((await app.inject('/')).statusCode, 200)
  })
}
