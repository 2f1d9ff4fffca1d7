import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { build } from '../app.ts'
import { buildBare } from './bare.ts'
import { faults } from './case.ts'
import { createYesSayer, portOf, runAll } from './run.ts'
import { writeScoreboard } from './scoreboard.ts'
import { TABLES } from './tables.ts'

const CASES = TABLES.flatMap(({ cases }) => cases)

/** How long others are waited for that need not do what is expected, in milliseconds. */
const PATIENCE = 1_000

const PAGE = join(import.meta.dirname, '../../docs/http.md')

t.test('the service answers on the wire as the RFCs have it', async (t) => {
  for (const { cases, environment } of TABLES) {
    const app = await build(t, environment)
    await app.listen({ host: '127.0.0.1', port: 0 })
    for (const { wireCase, conversation, problems } of await runAll(cases, portOf(app.server))) {
      const lacks = conversation.replies.flatMap(faults)
      t.same([...problems, ...lacks], [], `${wireCase.section}: ${wireCase.sent}`)
    }
  }
})

t.test('every case fails on a server that says yes to everything', async (t) => {
  const server = createYesSayer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  for (const { wireCase, problems } of await runAll(CASES, portOf(server), PATIENCE)) {
    t.not(problems.length, 0, `${wireCase.section}: ${wireCase.sent}`)
  }
})

t.test('the page of what is promised is true, bare Fastify included', async (t) => {
  const bare = buildBare()
  t.teardown(() => bare.close())
  await bare.listen({ host: '127.0.0.1', port: 0 })
  const outcomes = await runAll(CASES, portOf(bare.server), PATIENCE)
  const written = readFileSync(PAGE, 'utf8').split('\n')
  t.same(
    written,
    writeScoreboard(TABLES, outcomes).split('\n'),
    'as `npm run scoreboard` writes it',
  )
})
