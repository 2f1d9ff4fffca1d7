import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { build, createLog } from '../app.ts'
import '../fixtures/register.ts'
import { buildBare } from './bare.ts'
import { faults } from './case.ts'
import { createAlwaysOkServer, OTHER_SERVER_TIMEOUT_MS, portOf, runAll, runTables } from './run.ts'
import { writeScoreboard } from './scoreboard.ts'
import { TABLES } from './tables.ts'

const PAGE = join(import.meta.dirname, '../../docs/http.md')

t.test('every case of docs/http.md passes, with one log line per response', async (t) => {
  const log = createLog()
  const outcomes = await runTables((environment) => build(t, environment, { logDestination: log }))
  const lines = log.lines.filter(({ status }) => status !== undefined)
  const logged = Map.groupBy(lines, ({ reqId }) => reqId)
  for (const { wireCase, conversation, problems } of outcomes) {
    const title = `${wireCase.section}: ${wireCase.sent}`
    t.same([...problems, ...faults(conversation)], [], title)
    for (const { status, headers } of conversation.responses) {
      if (status < 200) continue
      const found = logged.get(headers['x-request-id'])?.map((line) => line.status)
      t.same(found, [status], `${title}: there is one log line with the status of the response`)
    }
  }
})

t.test('every case fails on a server that always answers 200', async (t) => {
  const server = createAlwaysOkServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const cases = TABLES.flatMap((table) => table.cases)
  for (const { wireCase, problems } of await runAll(
    cases,
    portOf(server),
    OTHER_SERVER_TIMEOUT_MS,
  )) {
    t.not(problems.length, 0, `${wireCase.section}: ${wireCase.sent}`)
  }
})

t.test('docs/http.md is up to date', async (t) => {
  const page = writeScoreboard(await runTables(buildBare, OTHER_SERVER_TIMEOUT_MS))
  const written = readFileSync(PAGE, 'utf8').split('\n')
  t.same(written, page.split('\n'), 'run `npm run scoreboard`')
})
