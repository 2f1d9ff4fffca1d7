import { EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { build, buildWith, patch } from '../../app.ts'
import { testOnEachEngine, testOnPostgres } from '../../engines.ts'
import { connectTo, exchange, readAll } from '../../socket.ts'
import '../../fixtures/register.ts'

/** Scrapes the metrics, and returns the lines that start with this name. */
async function scrape(app: FastifyInstance, name: string): Promise<string[]> {
  const { body } = await app.inject('/metrics')
  return body.split('\n').filter((line) => line.startsWith(name))
}

const COUNT = 'http_request_duration_seconds_count'

t.test('requests are counted by method, route and status', async (t) => {
  const app = await build(t)
  for (const id of [123, 123, 124]) await app.inject(`/notes/${id}`)
  await app.inject({ method: 'HEAD', url: '/notes/123' })
  await app.inject(patch('/notes/123', 'text/plain', {}))
  t.same(await scrape(app, COUNT), [
    `${COUNT}{method="GET",route="/notes/:noteId",status="200"} 2`,
    `${COUNT}{method="GET",route="/notes/:noteId",status="404"} 1`,
    `${COUNT}{method="HEAD",route="/notes/:noteId",status="200"} 1`,
    `${COUNT}{method="PATCH",route="/notes/:noteId",status="415"} 1`,
  ])
})

t.test(
  'unrouted requests are counted without URL, and requests with an unknown method as `other`',
  async (t) => {
    const app = await build(t)
    for (const url of ['/nope/1', '/nope/2', '/notes/%zz', `/nope/${'a'.repeat(200)}`]) {
      await app.inject(url)
    }
    for (const method of ['PROPFIND', 'MKCOL', 'DELETE']) {
      await exchange(
        app,
        `${method} /greeting HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      )
    }
    await app.inject({ method: 'HEAD', url: '/nope/1' })
    // A request without Host is refused, but counted for its route.
    await exchange(app, 'GET /greeting HTTP/1.1\r\nConnection: close\r\n\r\n')
    t.same(await scrape(app, COUNT), [
      `${COUNT}{method="GET",route="",status="404"} 3`,
      `${COUNT}{method="GET",route="",status="400"} 1`,
      `${COUNT}{method="other",route="",status="501"} 2`,
      `${COUNT}{method="DELETE",route="",status="405"} 1`,
      `${COUNT}{method="HEAD",route="",status="404"} 1`,
      `${COUNT}{method="GET",route="/greeting",status="400"} 1`,
    ])
  },
)

t.test('a request is in flight until the response ends or the client disconnects', async (t) => {
  const events = new EventEmitter()
  const app = await buildWith(t, async (app) => {
    app.get('/waits', async (_request, reply) => {
      events.emit('waiting')
      await once(reply.raw, 'close')
      return 'too late'
    })
  })
  const waiting = once(events, 'waiting')
  const socket = await connectTo(app)
  socket.write('GET /waits HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await waiting
  // the scrape itself is also in flight
  t.same(await scrape(app, 'http_requests_in_flight'), ['http_requests_in_flight 2'])
  t.same(await scrape(app, 'http_connections '), ['http_connections 1'])
  socket.destroy()
  let lines: string[] = []
  while (!lines.some((line) => line.includes('/waits'))) {
    await sleep(1)
    lines = await scrape(app, COUNT)
  }
  t.match(lines, [/metrics/, `${COUNT}{method="GET",route="/waits",status="499"} 1`])
  t.same(await scrape(app, 'http_requests_in_flight'), ['http_requests_in_flight 1'])
})

t.test('refused and dropped connections are counted', async (t) => {
  const app = await build(t, { MAX_CONNECTIONS: '1' })
  await exchange(app, 'NOT HTTP\r\n\r\n')
  const refused = 'http_connections_refused_total'
  t.same(await scrape(app, refused), [`${refused}{status="400"} 1`])
  while ((await scrape(app, 'http_connections '))[0] !== 'http_connections 0') await sleep(1)
  const idle = await connectTo(app)
  const closed = readAll(idle)
  const socket = await connectTo(app)
  t.equal(await closed, '', 'the new connection replaces the idle one')
  const name = 'http_connections_dropped_total'
  t.same(await scrape(app, name), [`${name}{reason="idle"} 1`])
  socket.destroy()
})

t.test(
  'two apps in one process have separate metrics, except the metrics of the process',
  async (t) => {
    const one = await build(t)
    const two = await build(t)
    await one.inject('/greeting')
    t.equal((await scrape(one, COUNT)).length, 1)
    t.same(await scrape(two, COUNT), [])
    const [start] = await scrape(one, 'process_start_time_seconds')
    t.same(await scrape(two, 'process_start_time_seconds'), [start])
  },
)

testOnEachEngine('SQL statements are counted by engine and first word', async (t) => {
  const app = await build(t)
  const engine = t.context.isOnPostgres ? 'postgresql' : 'sqlite'
  const name = 'db_query_duration_seconds_count'
  const countOf = async (verb: string) => {
    const labels = `{engine="${engine}",verb="${verb}"}`
    const [line = ''] = await scrape(app, name + labels)
    return Number(line.split(' ').at(-1))
  }
  await app.inject('/notes/123')
  const before = await countOf('select')
  await app.inject('/notes/123')
  t.ok((await countOf('select')) > before)
})

testOnPostgres('there are metrics of the connection pool', async (t) => {
  const app = await build(t)
  await app.inject('/notes/123')
  t.same(await scrape(app, 'db_pool'), [
    'db_pool_connections{state="idle"} 1',
    'db_pool_connections{state="used"} 0',
    'db_pool_waiting 0',
  ])
})

t.test('build_info has the versions of the service and of Node', async (t) => {
  const app = await build(t)
  const version = `version="0.1.0",node="${process.versions.node}"`
  t.same(await scrape(app, 'build_info'), [`build_info{${version}} 1`])
})
