import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { stringify } from 'yaml'
import { ACCOUNT } from '../app.ts'
import { databaseUrl, testOnPostgres } from '../engines.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { freePort } from '../free-port.ts'
import { startProgram } from '../program.ts'
import { skipUnless } from '../requirement.ts'
import { FAST_START, startServer } from '../server.ts'
import { pidsOf, TWO, until } from '../workers.ts'
import { readText } from './files.ts'
import { UNREACHABLE } from './prometheus.ts'

interface Panel {
  title: string
  targets: { expr: string }[]
}

const { panels } = JSON.parse(readText('deploy/grafana/dashboard.json')) as { panels: Panel[] } // checked below

/** Values of the variables of Grafana. */
const VARIABLES = { $__rate_interval: '1m', $instance: '.*' }

/** Starts Prometheus, which scrapes the targets each second, and returns its URL. */
async function startPrometheus(t: Test, folder: string, targets: string[]): Promise<string> {
  const job = { job_name: 'restful-web-api', static_configs: [{ targets }] }
  const configuration = { global: { scrape_interval: '1s' }, scrape_configs: [job] }
  writeFileSync(join(folder, 'prometheus.yaml'), stringify(configuration))
  const port = await freePort()
  const args = [
    `--config.file=${join(folder, 'prometheus.yaml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  return startProgram(t, 'prometheus', args, port)
}

async function countSamples(prometheus: string, query: string): Promise<number> {
  const reply = await fetch(`${prometheus}/api/v1/query?${new URLSearchParams({ query })}`)
  const { data } = (await reply.json()) as { data?: { result: unknown[] } } // the format of Prometheus
  return data?.result.length ?? 0
}

testOnPostgres('each panel of the dashboard has samples of a scrape', async (t) => {
  const reason = skipUnless('prometheus')
  if (reason) return t.comment(reason)
  const folder = t.testdir({ sqlite: {}, postgres: {} })
  const sqlite = await startServer(
    t,
    { ...FAST_START, ...UNREACHABLE, ...TWO },
    join(folder, 'sqlite'),
    FIXTURES,
  )
  await until(() => pidsOf(sqlite).length === 2)
  const ADMIN_PORT = String(await freePort())
  const limits = { MAX_MEMORY: '1', MAX_CONNECTIONS_PER_NETWORK: '1' }
  const DATABASE_URL = await databaseUrl(t)
  const postgres = await startServer(
    t,
    { ...FAST_START, ...ACCOUNT, ...limits, DATABASE_URL, ADMIN_PORT },
    join(folder, 'postgres'),
    FIXTURES,
  )
  const targets = [new URL(sqlite.url).host, `127.0.0.1:${ADMIN_PORT}`]
  const prometheus = await startPrometheus(t, folder, targets)

  await (await fetch(`${sqlite.url}/notes/4`)).text()
  await (await fetch(`${postgres.url}/greeting`)).text() // is shed
  for (const { url } of [sqlite, postgres]) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
    socket.write('no HTTP\r\n\r\n') // refused by the first service, and dropped by the limit of the second one
    t.teardown(() => socket.destroy())
  }

  t.ok(panels.length > 10)
  for (const { title, targets } of panels) {
    for (const { expr } of targets) {
      const query = Object.entries(VARIABLES).reduce(
        (text, [name, value]) => text.replaceAll(name, value),
        expr,
      )
      while ((await countSamples(prometheus, query)) === 0) await sleep(100)
      t.pass(`${title}: ${expr}`)
    }
  }
})
