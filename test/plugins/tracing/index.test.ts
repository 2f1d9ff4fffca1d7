import { EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { build, buildWith, createLog } from '../../app.ts'
import { type Span, startCollector } from '../../collector.ts'
import { connectTo } from '../../socket.ts'
import '../../fixtures/register.ts'

function attributesOf(attributes: Span['attributes']) {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]),
  )
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'

const TRUST_PROXY = '127.0.0.1'

t.test(
  'the service creates a span for each request, and continues the trace of a trusted proxy',
  async (t) => {
    const collector = await startCollector(t)
    const log = createLog()
    const app = await build(t, { ...collector.environment, TRUST_PROXY }, { logDestination: log })
    const headers = { traceparent: `00-${TRACE}-${PARENT}-01` }
    await app.inject({ url: '/greeting?name=hunter2', headers })
    await app.inject('/nope/hunter2')
    await app.close()
    t.same([...new Set(collector.urls)], ['/v1/traces'])
    const [hello, nope] = collector.spans()
    t.match(hello, { name: 'GET /greeting', kind: 2, traceId: TRACE, parentSpanId: PARENT })
    t.same(attributesOf(hello?.attributes ?? []), {
      'http.request.method': 'GET',
      'http.route': '/greeting',
      'http.response.status_code': 200,
    })
    t.match(nope, { name: 'GET', traceId: /^[0-9a-f]{32}$/, status: { code: 0 } })
    t.not(nope?.traceId, TRACE, 'a request without traceparent starts a new trace')
    t.notOk(nope?.parentSpanId)
    t.same(attributesOf(nope?.attributes ?? []), {
      'http.request.method': 'GET',
      'http.response.status_code': 404,
    })
    t.notMatch(JSON.stringify(collector.posts), 'hunter2')
    const [resource] = collector.posts.flatMap(({ resourceSpans }) => resourceSpans)
    t.match(attributesOf(resource?.resource.attributes ?? []), {
      'service.name': 'restful-web-api',
    })
    const lines = log.lines.filter(({ msg }) => msg === 'request completed')
    t.match(lines, [
      { traceId: TRACE, spanId: hello?.spanId },
      { traceId: nope?.traceId, spanId: nope?.spanId },
    ])
  },
)

t.test('the span of a 500 has an error status, and the log line has the trace id', async (t) => {
  const collector = await startCollector(t)
  const log = createLog()
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/fails', async () => {
        throw new Error('a bug')
      })
    },
    collector.environment,
    { logDestination: log },
  )
  await app.inject('/fails')
  await app.close()
  const [span] = collector.spans()
  t.match(span, { name: 'GET /fails', status: { code: 2 } })
  t.match(
    log.lines.filter(({ level }) => level === 'error'),
    [{ err: { message: 'a bug' }, traceId: span?.traceId }],
  )
})

t.test('the span ends with status 499 if the client disconnects', async (t) => {
  const collector = await startCollector(t)
  const events = new EventEmitter()
  const logDestination = { write: (line: string) => events.emit(JSON.parse(line).msg) }
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/waits', async (_request, reply) => {
        events.emit('waiting')
        await once(reply.raw, 'close')
        return 'too late'
      })
    },
    collector.environment,
    { logDestination },
  )
  const aborted = once(events, 'request aborted')
  const waiting = once(events, 'waiting')
  const socket = await connectTo(app)
  socket.write('GET /waits HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await waiting
  socket.destroy()
  await aborted
  await app.close()
  const [span] = collector.spans()
  t.match(attributesOf(span?.attributes ?? []), { 'http.response.status_code': 499 })
})

t.test('the service follows the sampling decision of a trusted proxy', async (t) => {
  const collector = await startCollector(t)
  const OTEL_TRACES_SAMPLER_ARG = '0'
  const app = await build(t, { ...collector.environment, OTEL_TRACES_SAMPLER_ARG, TRUST_PROXY })
  for (const flags of ['00', '01']) {
    await app.inject({
      url: '/greeting',
      headers: { traceparent: `00-${TRACE}-${PARENT}-${flags}` },
    })
  }
  await app.inject('/greeting')
  await app.close()
  t.match(collector.spans(), [{ traceId: TRACE }])
  t.equal(collector.spans().length, 1)
})

for (const [ratio, count] of [
  ['0', 0],
  ['1', 2],
] as const) {
  t.test(
    `traceparent of a client does not decide about sampling, with ratio ${ratio}`,
    async (t) => {
      const collector = await startCollector(t)
      const environment = { OTEL_TRACES_SAMPLER_ARG: ratio, TRUST_PROXY: '10.0.0.1' }
      const app = await build(t, { ...collector.environment, ...environment })
      for (const flags of ['00', '01']) {
        const headers = { traceparent: `00-${TRACE}-${PARENT}-${flags}` }
        await app.inject({ url: '/greeting', headers })
      }
      await app.close()
      const spans = collector.spans()
      t.equal(spans.length, count)
      for (const { traceId, parentSpanId, links } of spans) {
        t.not(traceId, TRACE, 'the service begins a trace')
        t.notOk(parentSpanId)
        t.match(links, [{ traceId: TRACE, spanId: PARENT }], 'the trace of the client is a link')
      }
    },
  )
}

/** Numbers of spans of a request that a trusted proxy has not sampled, one that it has sampled, and one without a trace. */
const SAMPLED = {
  always_on: [1, 1, 1],
  always_off: [0, 0, 0],
  traceidratio: [0, 0, 0],
  parentbased_always_on: [0, 1, 1],
  parentbased_always_off: [0, 1, 0],
  parentbased_traceidratio: [0, 1, 0],
}
for (const [sampler, expected] of Object.entries(SAMPLED)) {
  t.test(`OTEL_TRACES_SAMPLER=${sampler} decides which traces are exported`, async (t) => {
    const counts = []
    for (const flags of ['00', '01', undefined]) {
      const collector = await startCollector(t)
      const sampling = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: '0', TRUST_PROXY }
      const app = await build(t, { ...collector.environment, ...sampling })
      const headers = flags ? { traceparent: `00-${TRACE}-${PARENT}-${flags}` } : {}
      await app.inject({ url: '/greeting', headers })
      await app.close()
      counts.push(collector.spans().length)
    }
    t.same(counts, expected)
  })
}

for (const [key, value] of [
  ['OTEL_SDK_DISABLED', 'true'],
  ['OTEL_TRACES_EXPORTER', 'none'],
] as const) {
  t.test(`${key}=${value} switches the traces off`, async (t) => {
    const collector = await startCollector(t)
    const app = await build(t, { ...collector.environment, [key]: value })
    await app.inject('/greeting')
    await app.close()
    t.same(collector.urls, [])
  })
}

t.test('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is the whole URL of the traces', async (t) => {
  const collector = await startCollector(t)
  const url = `${collector.environment.OTEL_EXPORTER_OTLP_ENDPOINT}/in?a=b`
  const app = await build(t, {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url,
  })
  await app.inject('/greeting')
  await app.close()
  t.same(collector.urls, ['/in?a=b'])
})

t.test(
  'OTEL_RESOURCE_ATTRIBUTES adds attributes, but OTEL_SERVICE_NAME names the service',
  async (t) => {
    const collector = await startCollector(t)
    process.env.OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment.name=a%20b,service.name=other'
    t.teardown(() => delete process.env.OTEL_RESOURCE_ATTRIBUTES)
    const app = await build(t, { ...collector.environment, OTEL_SERVICE_NAME: 'books' })
    await app.inject('/greeting')
    await app.close()
    const [resource] = collector.posts.flatMap(({ resourceSpans }) => resourceSpans)
    t.match(attributesOf(resource?.resource.attributes ?? []), {
      'deployment.environment.name': 'a b',
      'service.name': 'books',
    })
  },
)

t.test('an invalid traceparent is ignored', async (t) => {
  const collector = await startCollector(t)
  const app = await build(t, { ...collector.environment, TRUST_PROXY })
  const fields = ['', 'x', `00-${'0'.repeat(32)}-${PARENT}-01`, `00-${TRACE}-${PARENT}`, 'a"b\\c']
  for (const traceparent of fields) await app.inject({ url: '/greeting', headers: { traceparent } })
  await app.close()
  t.equal(collector.spans().length, fields.length)
  t.notOk(collector.spans().some(({ traceId }) => traceId === TRACE))
})

t.test('requests succeed if the collector fails, and the failure is logged', async (t) => {
  const collector = await startCollector(t, 400)
  const log = createLog()
  const app = await build(t, collector.environment, { logDestination: log })
  t.equal((await app.inject('/greeting')).statusCode, 200)
  await app.close()
  t.match(
    log.lines.filter(({ level }) => level === 'warn'),
    [{ msg: 'traces are lost' }],
  )
})

t.test('each change of the exports is logged once and measured', async (t) => {
  const collector = await startCollector(t, 400)
  const log = createLog()
  const app = await build(t, collector.environment, { logDestination: log })
  const msgs = () => log.lines.map(({ msg }) => msg).filter((msg) => /^traces/.test(String(msg)))
  const measured = async () =>
    /^trace_exporter_up .$/m.exec((await app.inject('/metrics')).body)?.[0]
  async function requestUntil(condition: () => boolean) {
    while (!condition()) {
      await app.inject('/greeting')
      await sleep(100)
    }
  }
  t.equal(await measured(), 'trace_exporter_up 1')
  await requestUntil(() => msgs().length === 1)
  t.equal(await measured(), 'trace_exporter_up 0')
  collector.respondWith(200)
  await requestUntil(() => msgs().length === 2)
  t.same(msgs(), ['traces are lost', 'traces are exported again'])
  t.equal(await measured(), 'trace_exporter_up 1')
})
