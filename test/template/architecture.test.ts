import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { HOOK_ORDER, type Phase } from '../../src/hook-order.ts'
import { addHook } from '../../src/hooks.ts'
import { build } from '../app.ts'
import { fencedBlocks } from '../docs/console.ts'
import { findCycles, type Import, listImports } from '../docs/imports.ts'
import { buildEveryPlugin } from '../every-plugin.ts'

const ROOT = join(import.meta.dirname, '../..')
const DOCUMENT = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')

const [requestDiagram = [], importDiagram = []] = fencedBlocks(DOCUMENT)
  .filter(({ language }) => language === 'mermaid')
  .map(({ lines }) => lines)

const PHASES = Object.keys(HOOK_ORDER) as Phase[] // the type of HOOK_ORDER has the same keys

/** Hooks of each phase, in the order of the diagram. A hook is a line such as `onSend_cors["cors: …"]`. */
const DRAWN_HOOKS = Map.groupBy(
  requestDiagram.flatMap((line) => {
    const [, phase = '', name = ''] =
      /^ *(?:--> )?([a-zA-Z]+)_[\w-]+\["([\w/-]+): /.exec(line) ?? []
    return phase ? [{ phase, name }] : []
  }),
  ({ phase }) => phase,
)

const namesOf = (phase: string) => DRAWN_HOOKS.get(phase)?.map(({ name }) => name)

t.test(
  'the diagram shows the hooks of a running app, in the order of src/hook-order.ts',
  async (t) => {
    const app = await buildEveryPlugin(t)
    t.strictSame([...DRAWN_HOOKS.keys()].sort(), [...PHASES].sort(), 'the diagram has every phase')
    for (const phase of PHASES) {
      t.strictSame(
        namesOf(phase),
        app.hookChains[phase].names,
        `the diagram has the ${phase} hooks of the app`,
      )
      t.strictSame(
        namesOf(phase),
        HOOK_ORDER[phase],
        `the diagram has the ${phase} hooks of HOOK_ORDER`,
      )
    }
  },
)

t.test('the diagram shows the phases in the order in which they run', async (t) => {
  const [, path = ''] =
    /^ *onRequest (--> .* --> onRequestEnd)$/m.exec(requestDiagram.join('\n')) ?? []
  const drawn = path
    .split(/ *--> */)
    .filter((step) => step && !/^(?:parser|validation|preconditions)$/.test(step))
  const ran: string[] = []
  const record = (step: string) => () => {
    ran.push(step)
  }
  const app = await build(t)
  await app.register(
    async (scope) => {
      addHook(scope, 'preParsing', 'test', record('preParsing'))
      addHook(scope, 'onSend', 'test', (_request, _reply, payload) => {
        ran.push('onSend')
        return payload
      })
      addHook(scope, 'onRequestEnd', 'test', record('onRequestEnd'))
      scope.get('/', { prefixTrailingSlash: 'no-slash' }, async () => ran.push('handler'))
    },
    { prefix: '/phases' },
  )
  await app.inject({ url: '/phases' })
  t.strictSame(ran, drawn)
})

t.test('docs/architecture.md names every plugin', async (t) => {
  for (const file of readdirSync(join(ROOT, 'plugins'))) {
    t.match(DOCUMENT, new RegExp(`\\b${file.replace('.ts', '')}\\b`), file)
  }
})

/** Modules that the diagram omits, because many modules import them. They import no module of the project. */
const OMITTED = [
  'src/config-error.ts',
  'src/error-message.ts',
  'src/private-file.ts',
  'src/resources.ts',
  'src/system-error.ts',
]

/** Nodes of the diagram, with the files and folders in their labels. */
const NODES = importDiagram.flatMap((line) => {
  const [, name = '', label = ''] = /^ *(\w+)\["(.*)"\]$/.exec(line) ?? []
  return label ? [{ name, paths: label.split('<br>').slice(1) }] : []
})

/** Returns the node whose label lists the file or one of its parent folders. */
function nodeOf(file: string): string {
  const isPathOf = (path: string) => path === file || (path.endsWith('/') && file.startsWith(path))
  return String(NODES.find(({ paths }) => paths.some(isPathOf))?.name)
}

/** Returns one arrow per pair of nodes. The arrow is dotted if every import between the nodes imports only types. */
function arrowsOf(imports: Import[]): string[] {
  const ofProject = imports.filter(
    ({ to }) => /^(?:src|plugins|routes)\//.test(to) && !OMITTED.includes(to),
  )
  const byPair = Map.groupBy(ofProject, ({ from, to }) => `${nodeOf(from)} ${nodeOf(to)}`)
  return [...byPair].flatMap(([pair, each]) => {
    const [from, to] = pair.split(' ')
    const arrow = each.every(({ kind }) => kind === 'type') ? '-.->' : '-->'
    return from === to ? [] : [`${from} ${arrow} ${to}`]
  })
}

/** Arrows for the imports of resources. The diagram shows them even if the service has no resources. */
const OF_RESOURCES = ['http', 'schemas', 'storage'].map((to) => `routes --> ${to}`)

t.test('the diagram shows all imports between its nodes, and no others', async (t) => {
  const drawn = importDiagram.flatMap((line) => {
    const [, from, arrow, targets = ''] = /^ *(\w+) (-->|-\.->) ([\w &]+)$/.exec(line) ?? []
    return from ? targets.split(' & ').map((to) => `${from} ${arrow} ${to}`) : []
  })
  const imports = listImports(ROOT, ['src', 'plugins', 'routes'])
  const found = new Set([...arrowsOf(imports), ...OF_RESOURCES])
  t.strictSame(drawn.toSorted(), [...found].sort())
  const solid = drawn.map((arrow) => arrow.split(' --> ')).filter(({ length }) => length === 2)
  t.strictSame(findCycles(solid.map(([from = '', to = '']) => ({ from, to }))), [])
  t.strictSame(
    imports.filter(({ from, to }) => OMITTED.includes(from) && to.includes('/')),
    [],
    'modules that the diagram omits import nothing of the project',
  )
})
