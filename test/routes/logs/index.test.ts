import t from 'tap'
import { build, createLog, expectReply } from '../../app.ts'

t.test('GET /logs logs a line at info, warn and error, with the request id', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  const headers = { 'x-request-id': 'an-id' }
  await expectReply(t, app, { url: '/logs', headers }, { body: 'check your logs\n' })
  t.match(log.lines, [
    { level: 'info', msg: 'informing', clientRequestId: 'an-id' },
    { level: 'warn', msg: 'warning', clientRequestId: 'an-id' },
    { level: 'error', msg: 'screaming bloody murder!', clientRequestId: 'an-id' },
    { level: 'info', msg: 'request completed', clientRequestId: 'an-id' },
  ])
  t.equal(log.lines.length, 4)
})

t.test('GET /logs returns JSON', async (t) => {
  const app = await build(t)
  const request = { url: '/logs', headers: { accept: 'application/json' } }
  await expectReply(t, app, request, { body: { message: 'check your logs' } })
})
