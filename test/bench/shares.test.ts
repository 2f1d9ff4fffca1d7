import t from 'tap'
import { compare, type Profile, sharesOf } from '../../bench/shares.ts'

/** Functions of a profile: the name, the module, and the index of the caller. */
const FUNCTIONS: [name: string, module: string | undefined, caller?: number][] = [
  ['(root)', undefined],
  ['(idle)', undefined, 0],
  ['listener', 'src/fastify-options.ts', 0],
  ['header', 'node_modules/fastify/lib/reply.js', 2],
  ['setFields', 'plugins/security.ts', 2],
  ['header', 'node_modules/fastify/lib/reply.js', 4],
  ['log', 'plugins/logging/logger.ts', 2],
  ['write', undefined, 6],
  ['find', 'src/storage/row-keys.ts', 2],
]

/** Returns a profile in which each function ran for some samples, after an equal number of samples of the start. */
function profileOf(counts: Record<number, number>): Profile {
  const ran = Object.entries(counts).flatMap(([id, count]) => Array(count).fill(Number(id)))
  return {
    nodes: FUNCTIONS.map(([functionName], id) => ({
      id,
      callFrame: { functionName, url: String(id), lineNumber: 1 },
      children: FUNCTIONS.flatMap(([, , caller], child) => (caller === id ? [child] : [])),
    })),
    samples: [...Array(ran.length).fill(8), ...ran],
    timeDeltas: Array(2 * ran.length).fill(100),
  }
}

const findModule = (url: string) => FUNCTIONS[Number(url)]?.[1]

t.test('sharesOf() divides the time between plugins and modules', async (t) => {
  const shares = sharesOf(
    profileOf({ 0: 1, 1: 50, 2: 1, 3: 2, 4: 1, 5: 1, 6: 1, 7: 1, 8: 2 }),
    findModule,
  )
  t.strictSame(Object.fromEntries(shares), {
    'Fastify, Node and others': 0.4,
    security: 0.2,
    logging: 0.2,
    'src/storage/row-keys.ts': 0.2,
  })
})

t.test('compare() shows the largest difference first', async (t) => {
  const current = {
    cost: 100,
    shares: new Map([
      ['a', 0.1],
      ['b', 0.5],
      ['new', 0.4],
    ]),
  }
  const base = {
    cost: 50,
    shares: new Map([
      ['a', 0.4],
      ['b', 0.5],
      ['gone', 0.1],
    ]),
  }
  t.strictSame(compare(current, base), [
    { name: 'new', current: 40, base: 0 },
    { name: 'b', current: 50, base: 25 },
    { name: 'a', current: 10, base: 20 },
    { name: 'gone', current: 0, base: 5 },
  ])
})
