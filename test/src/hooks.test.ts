import { EventEmitter, once } from 'node:events'
import fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { HOOK_ORDER, type Phase } from '../../src/hook-order.ts'
import { addHook, type RequestEnd, runHooks } from '../../src/hooks.ts'
import { buildEveryPlugin } from '../every-plugin.ts'
import { connectTo } from '../socket.ts'

function build(t: Test): FastifyInstance {
  const app = fastify()
  t.teardown(() => app.close())
  return app
}

const REQUEST_PHASES = ['onRequest', 'preParsing'] as const

for (const phase of REQUEST_PHASES) {
  t.test(
    `${phase} hooks run in HOOK_ORDER, then unknown hooks in the order in which they were added`,
    async (t) => {
      const app = build(t)
      const ran: string[] = []
      const names = ['unknown', ...HOOK_ORDER[phase].toReversed(), 'other']
      for (const name of names) addHook(app, phase, name, () => void ran.push(name))
      app.get('/', async () => 'ok')
      t.equal((await app.inject('/')).statusCode, 200)
      t.same(ran, [...HOOK_ORDER[phase], 'unknown', 'other'])
    },
  )

  t.test(`${phase} hooks that return a promise delay the next hooks`, async (t) => {
    const app = build(t)
    const ran: string[] = []
    addHook(app, phase, 'a', () => void ran.push('sync'))
    addHook(app, phase, 'b', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      ran.push('async')
    })
    addHook(app, phase, 'c', () => void ran.push('last'))
    app.get('/', async () => 'ok')
    await app.inject('/')
    t.same(ran, ['sync', 'async', 'last'])
  })

  for (const [title, refuse] of [
    ['rejects', () => Promise.reject(Object.assign(new Error('no'), { statusCode: 418 }))],
    [
      'throws',
      () => {
        throw Object.assign(new Error('no'), { statusCode: 418 })
      },
    ],
  ] as const) {
    t.test(`a ${phase} hook that ${title} refuses the request`, async (t) => {
      const app = build(t)
      const ran: string[] = []
      addHook(app, phase, 'a', refuse)
      addHook(app, phase, 'b', () => void ran.push('b'))
      app.get('/', async () => ran.push('handler'))
      const { statusCode, json } = await app.inject('/')
      t.equal(statusCode, 418)
      t.equal(json().message, 'no')
      t.same(ran, [], 'neither later hooks nor the handler run')
    })
  }

  for (const isAsync of [false, true]) {
    t.test(
      `a ${phase} hook that ${isAsync ? 'resolves to' : 'returns'} the reply ends the request`,
      async (t) => {
        const app = build(t)
        const ran: string[] = []
        addHook(app, phase, 'a', (_request, reply) => {
          reply.code(202).send('from the hook')
          // A reply is a thenable, but its declared type does not say so.
          return isAsync ? (Promise.resolve(reply) as Promise<void>) : reply
        })
        addHook(app, phase, 'b', () => void ran.push('b'))
        app.get('/', async () => ran.push('handler'))
        const { statusCode, body } = await app.inject('/')
        t.same([statusCode, body], [202, 'from the hook'])
        t.same(ran, [], 'neither later hooks nor the handler run')
      },
    )
  }
}

t.test('an async hook that sends without returning the reply ends the request', async (t) => {
  const app = build(t)
  const ran: string[] = []
  addHook(app, 'onRequest', 'a', async (_request, reply) => {
    reply.send('from the hook')
  })
  addHook(app, 'onRequest', 'b', () => void ran.push('b'))
  app.get('/', async () => ran.push('handler'))
  t.equal((await app.inject('/')).body, 'from the hook')
  t.same(ran, [])
})

t.test('onSend hooks replace the payload one after the other, in HOOK_ORDER', async (t) => {
  const app = build(t)
  addHook(app, 'onSend', 'shutdown', async (_request, _reply, payload) => `${payload} shutdown`)
  addHook(app, 'onSend', 'explain', async (_request, _reply, payload) => `${payload} explain`)
  addHook(app, 'onSend', 'cors', (_request, _reply, payload) => `${payload} cors`)
  app.get('/', async () => 'payload')
  t.equal((await app.inject('/')).body, 'payload cors explain shutdown')
})

for (const [title, fail] of [
  [
    'throws',
    () => {
      throw new Error('cannot be sent')
    },
  ],
  ['rejects', () => Promise.reject(new Error('cannot be sent'))],
] as const) {
  t.test(`an onSend hook that ${title} turns the response into an error`, async (t) => {
    const app = build(t)
    addHook(app, 'onSend', 'a', (_request, reply, payload) =>
      reply.statusCode === 200 ? fail() : payload,
    )
    app.get('/', async () => 'ok')
    const { statusCode, json } = await app.inject('/')
    t.equal(statusCode, 500)
    t.equal(json().message, 'cannot be sent')
  })
}

t.test(
  'hooks of a scope run after the hooks of the app, and only for routes of the scope',
  async (t) => {
    const app = build(t)
    let ran: string[] = []
    addHook(app, 'onRequest', 'app', () => void ran.push('app'))
    await app.register(async (scope) => {
      addHook(scope, 'onRequest', 'tracing', () => void ran.push('scope'))
      scope.get('/inside', async () => 'ok')
    })
    app.get('/outside', async () => 'ok')
    await app.inject('/inside')
    t.same(ran, ['app', 'scope'])
    ran = []
    await app.inject('/outside')
    t.same(ran, ['app'])
  },
)

t.test(
  'a scope inherits onErrorReply hooks, and its own onErrorReply hooks do not affect the app',
  async (t) => {
    const app = build(t)
    let ran: string[] = []
    addHook(app, 'onErrorReply', 'app', () => void ran.push('app'))
    app.setErrorHandler((_error, request, reply) => {
      runHooks('onErrorReply', request, reply)
      return reply.code(500).send('failed')
    })
    const fail = async () => {
      throw new Error('no')
    }
    await app.register(async (scope) => {
      addHook(scope, 'onErrorReply', 'security', () => void ran.push('scope'))
      scope.get('/inside', fail)
    })
    app.get('/outside', fail)
    await app.inject('/inside')
    t.same(ran, ['scope', 'app'], 'the hooks run in HOOK_ORDER')
    ran = []
    await app.inject('/outside')
    t.same(ran, ['app'])
  },
)

t.test('onRequestEnd hooks receive the status and the duration of a response', async (t) => {
  const app = build(t)
  const ends: RequestEnd[] = []
  addHook(app, 'onRequestEnd', 'metrics', (_request, end) => void ends.push(end))
  app.get('/', (_request, reply) => reply.code(201).send('ok'))
  await app.inject('/')
  t.match(ends, [{ status: 201, isAborted: false, durationMs: Number }])
  t.ok(Number(ends[0]?.durationMs) >= 0)
  t.equal(ends.length, 1)
})

t.test(
  'onRequestEnd hooks receive 499 if the client disconnects before the response',
  async (t) => {
    const app = build(t)
    const events = new EventEmitter()
    addHook(app, 'onRequestEnd', 'metrics', (_request, end) => void events.emit('end', end))
    app.get('/', () => {
      events.emit('waiting')
      return new Promise(() => {})
    })
    const socket = await connectTo(app)
    const [waiting, ended] = [once(events, 'waiting'), once(events, 'end')]
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await waiting
    socket.destroy()
    const [end] = await ended
    t.match(end, { status: 499, isAborted: true, durationMs: Number })
  },
)

t.test('the hooks of HOOK_ORDER run first, in this order', async (t) => {
  const app = await buildEveryPlugin(t)
  for (const [phase, names] of Object.entries(HOOK_ORDER)) {
    const ran = app.hookChains[phase as Phase].names.slice(0, names.length)
    t.same(ran, names, phase) // the keys of HOOK_ORDER are phases
  }
})
