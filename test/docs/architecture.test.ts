import { subscribe } from 'node:diagnostics_channel'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { build } from '../app.ts'
import { fencedBlocks } from './console.ts'
import { type Import, listImports } from './imports.ts'

const ROOT = join(import.meta.dirname, '../..')
const DOCUMENT = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')

const [request = [], house = []] = fencedBlocks(DOCUMENT)
  .filter(({ language }) => language === 'mermaid')
  .map(({ lines }) => lines)

/** Has everything hook in that can. */
const EVERYTHING = {
  CORS_ORIGIN: '*',
  DEBUG: 'true',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
  RATE_LIMIT: '1000',
}

/** The steps of an app's own life, and what takes the place of an answer, are not on the way of a request. */
const ELSEWHERE = ['onClose', 'onReady', 'onRegister', 'onRequestAbort', 'onRoute', 'preClose']

t.test('a request passes the hooks that are drawn, in that order', async (t) => {
  const hooks: { hook: string; plugin: string }[] = []
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { fastify: FastifyInstance } // as Fastify publishes it
    const { addHook } = fastify
    Object.assign(fastify, {
      addHook(this: FastifyInstance, ...parameters: unknown[]) {
        hooks.push({ hook: String(parameters[0]), plugin: caller() })
        return Reflect.apply(addHook, this, parameters)
      },
    })
  })
  await build(t, EVERYTHING)
  const drawn = request.flatMap((line) => {
    const [, hook = '', plugin = ''] = /^ *(?:--> )?([a-zA-Z]+)_([\w-]+)\["/.exec(line) ?? []
    return hook ? [{ hook, plugin }] : []
  })
  const kinds = [...new Set(drawn.map(({ hook }) => hook))]
  t.strictSame(kinds.toSorted(), kindsOf(hooks), 'every kind of hook')
  for (const kind of kinds) t.strictSame(pluginsOf(kind, drawn), pluginsOf(kind, hooks), kind)
})

t.test('every plugin is named', async (t) => {
  for (const file of readdirSync(join(ROOT, 'plugins'))) {
    t.match(DOCUMENT, new RegExp(`\\b${file.replace('.ts', '')}\\b`), file)
  }
})

/** The plugin that a hook is added by: others may do it for it. */
function caller(): string {
  return String([...String(new Error().stack).matchAll(/plugins\/([\w-]+)\.ts/g)].at(-1)?.[1])
}

function kindsOf(hooks: { hook: string }[]): string[] {
  const kinds = new Set(hooks.map(({ hook }) => hook))
  return [...kinds].filter((kind) => !ELSEWHERE.includes(kind)).sort()
}

function pluginsOf(kind: string, hooks: { hook: string; plugin: string }[]): string[] {
  return hooks.filter(({ hook }) => hook === kind).map(({ plugin }) => plugin)
}

t.test('the kinds of hooks are drawn in the order in which Fastify runs them', async (t) => {
  const [, way = ''] = /^ *onRequest (--> .* --> onResponse)$/m.exec(request.join('\n')) ?? []
  const app = await build(t)
  const ran: string[] = []
  await app.register(
    async (scope) => {
      scope.addHook('preParsing', async () => void ran.push('preParsing'))
      scope.addHook('preValidation', async () => void ran.push('preValidation'))
      scope.addHook('preHandler', async () => void ran.push('preHandler'))
      scope.addHook('onSend', async () => void ran.push('onSend'))
      scope.addHook('onResponse', async () => void ran.push('onResponse'))
      scope.get('/', { prefixTrailingSlash: 'no-slash' }, async () => ran.push('handler'))
    },
    { prefix: '/walk' },
  )
  await app.inject({ url: '/walk' })
  const drawn = way.split(/ *--> */).filter((step) => step && !/^(?:parser|validation)$/.test(step))
  t.strictSame(drawn, ran)
})

/** What the map leaves out: it is used by all, and uses nothing. */
const LEFT_OUT = ['src/error-message.ts', 'src/resources.ts', 'src/system-error.ts']

/** The nodes of the map: the files and folders that each stands for. */
const NODES = house.flatMap((line) => {
  const [, name = '', label = ''] = /^ *(\w+)\["(.*)"\]$/.exec(line) ?? []
  return label ? [{ name, paths: label.split('<br>').slice(1) }] : []
})

/** The node that a file belongs to: the one that names it, or else the nearest folder of it. */
function nodeOf(file: string): string {
  const named = NODES.flatMap(({ name, paths }) => paths.map((path) => ({ name, path })))
  const found = named
    .filter(({ path }) => path === file || (path.endsWith('/') && file.startsWith(path)))
    .sort((a, b) => b.path.length - a.path.length)
  return String(found[0]?.name)
}

/** Imports between the nodes of the map, each way once; of types, where it is of nothing else. */
function waysOf(imports: Import[]): string[] {
  const ways = Map.groupBy(
    imports.filter(({ to }) => /^(?:src|plugins|routes)\//.test(to) && !LEFT_OUT.includes(to)),
    ({ from, to }) => `${nodeOf(from)} ${nodeOf(to)}`,
  )
  return [...ways].flatMap(([way, each]) => {
    const [from, to] = way.split(' ')
    return from === to
      ? []
      : [`${from} ${each.every(({ kind }) => kind === 'type') ? '-.->' : '-->'} ${to}`]
  })
}

/** Imports that come with the first resource that is stored. */
const OF_RESOURCES = ['routes --> storage']

const IMPORTS = listImports(ROOT, ['src', 'plugins', 'routes'])

t.test('the map shows the imports that there are, and no others', async (t) => {
  const drawn = house.flatMap((line) => {
    const [, from, arrow, targets = ''] = /^ *(\w+) (-->|-\.->) ([\w &]+)$/.exec(line) ?? []
    return from ? targets.split(' & ').map((to) => `${from} ${arrow} ${to}`) : []
  })
  const found = new Set([...waysOf(IMPORTS), ...OF_RESOURCES])
  t.strictSame(drawn.toSorted(), [...found].sort())
  const solid = drawn.map((way) => way.split(' --> ')).filter(({ length }) => length === 2)
  t.strictSame(cyclesOf(solid.map(([from = '', to = '']) => ({ from, to }))), [])
})

t.test('no module needs itself to be loaded, over whatever others', async (t) => {
  t.strictSame(cyclesOf(IMPORTS.filter(({ kind }) => kind === 'value')), [])
})

t.test('HTTP and storage know no plugin, no route and no framework', async (t) => {
  const inner = IMPORTS.filter(({ from }) => /^src\/(?:http|storage)\//.test(from))
  t.ok(inner.length > 0)
  t.strictSame(
    inner.filter(({ to }) => /^(?:plugins\/|routes\/|fastify$|fastify-plugin$)/.test(to)),
    [],
  )
  t.strictSame(
    IMPORTS.filter(({ from, to }) => LEFT_OUT.includes(from) && to.includes('/')),
    [],
  )
})

/** Gives those that a way leads back to. */
function cyclesOf(ways: { from: string; to: string }[]): string[] {
  const targets = Map.groupBy(ways, ({ from }) => from)
  const reaches = (from: string, goal: string, seen: Set<string>): boolean =>
    (targets.get(from) ?? []).some(({ to }) => {
      if (to === goal) return true
      if (seen.has(to)) return false
      return reaches(to, goal, seen.add(to))
    })
  return [...targets.keys()].filter((from) => reaches(from, from, new Set()))
}
