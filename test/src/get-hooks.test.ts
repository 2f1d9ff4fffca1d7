import t from 'tap'
import { build } from '../app.ts'

const URL = '/plain'

/**
 * Hooks of plugins that run for each GET. Add a hook for some routes only to these routes (`onRoute`), so that other
 * requests do not run it.
 */
const HOOKS = [
  'onRequest logging',
  'onRequest connection',
  'onRequest security',
  'onRequest framing',
  'onRequest hosts', // only with the tutorial's accounts, or ALLOWED_HOSTS
  'onRequest rate-limit',
  'onRequest negotiation',
  'onRequest deadlines',
  'onRequest routing',
  'preParsing rate-limit',
  'preParsing negotiation',
  'preParsing deadlines',
  'preParsing expectations',
  'onSend preferences',
  'onSend caching',
  'onSend content-coding/choose',
  'onSend conditional-requests',
  'onSend content-coding/apply',
  'onSend shutdown',
  'onSend connection',
  'onRequestEnd connection',
  'onRequestEnd logging',
  'onRequestEnd metrics',
  'onRequestEnd deadlines',
  'onRequestEnd shutdown',
]

t.test('a GET runs only these hooks of plugins', async (t) => {
  const app = await build(t, { RATE_LIMIT: '1000' })
  app.get(URL, async () => 'ok')
  const ran: string[] = []
  for (const [phase, { names, hooks }] of Object.entries(app.hookChains)) {
    for (const [index, hook] of hooks.entries()) {
      hooks[index] = new Proxy(hook, {
        apply(target, app, parameters) {
          ran.push(`${phase} ${names[index]}`)
          return Reflect.apply(target, app, parameters)
        },
      })
    }
  }
  t.equal((await app.inject(URL)).statusCode, 200)
  t.strictSame(ran, HOOKS)
})

t.test('a GET has one Fastify hook in each of four phases', async (t) => {
  const app = await build(t)
  app.get(URL, async () => 'ok')
  await app.ready()
  const lines = app.printRoutes({ includeHooks: true, commonPrefix: false }).split('\n')
  const start = lines.findIndex((line) => line.includes('plain (GET'))
  t.strictSame(
    lines.slice(start + 1, start + 5).map((line) => line.replace(/^\W*/, '')),
    ['onRequest', 'preParsing', 'onSend', 'onResponse'].map((phase) => `${phase}) ["anonymous()"]`),
  )
  t.notMatch(lines[start + 5], /\["/, 'there are no other hooks')
})
