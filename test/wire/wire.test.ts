import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { build, createLog } from '../app.ts'
import { buildBare } from './bare.ts'
import { faults } from './case.ts'
import { createYesSayer, PATIENCE, portOf, runAll, runTables } from './run.ts'
import { writeScoreboard } from './scoreboard.ts'
import { TABLES } from './tables.ts'

const PAGE = join(import.meta.dirname, '../../docs/http.md')

t.test('the service answers on the wire as the RFCs have it, and logs each answer', async (t) => {
  const log = createLog()
  const outcomes = await runTables(({ environment }) => {
    return build(t, environment, { logDestination: log })
  })
  const lines = log.lines.filter(({ status }) => status !== undefined)
  const logged = Map.groupBy(lines, ({ reqId }) => reqId)
  for (const { wireCase, conversation, problems } of outcomes) {
    const title = `${wireCase.section}: ${wireCase.sent}`
    t.same([...problems, ...faults(conversation)], [], title)
    for (const { status, headers } of conversation.replies) {
      if (status < 200) continue
      const found = logged.get(headers['x-request-id'])?.map((line) => line.status)
      t.same(found, [status], `${title}: one line in the log`)
    }
  }
})

t.test('every case fails on a server that says yes to everything', async (t) => {
  const server = createYesSayer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const cases = TABLES.flatMap((table) => table.cases)
  for (const { wireCase, problems } of await runAll(cases, portOf(server), PATIENCE)) {
    t.not(problems.length, 0, `${wireCase.section}: ${wireCase.sent}`)
  }
})

t.test('the page of what is promised is true, bare Fastify included', async (t) => {
  const page = writeScoreboard(await runTables(buildBare, PATIENCE))
  const written = readFileSync(PAGE, 'utf8').split('\n')
  t.same(written, page.split('\n'), 'as `npm run scoreboard` writes it')
})
