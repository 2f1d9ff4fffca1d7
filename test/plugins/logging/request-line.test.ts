import t from 'tap'
import { isoTime, writeRequestLine } from '../../../plugins/logging/request-line.ts'

const REQUEST = { method: 'GET', route: '/notes/:noteId', status: 200, message: 'done' }

t.test('writeRequestLine() writes JSON with the bindings of the request', async (t) => {
  const line = writeRequestLine('info', ',"pid":7,"reqId":"an-id"', {
    ...REQUEST,
    durationMs: 1.2345678,
  })
  t.match(line, /^\{"level":"info","time":"[^"]+","pid":7,"reqId":"an-id","method":"GET",.*\}\n$/)
  const { time, ...rest } = JSON.parse(line)
  t.strictSame(rest, {
    level: 'info',
    pid: 7,
    reqId: 'an-id',
    method: 'GET',
    route: '/notes/:noteId',
    status: 200,
    durationMs: 1.235,
    msg: 'done',
  })
})

t.test('writeRequestLine() escapes the route, and writes null without a route', async (t) => {
  for (const route of ['/:id(^\\d+"$)', '/a\nb', null]) {
    const line = writeRequestLine('info', '', { ...REQUEST, route, durationMs: 0 })
    t.equal(line.indexOf('\n'), line.length - 1)
    t.equal(JSON.parse(line).route, route)
  }
})

t.test('isoTime() returns the current time', async (t) => {
  const before = Date.now()
  const first = Date.parse(isoTime())
  while (Date.now() === before);
  const second = Date.parse(isoTime())
  t.ok(first >= before && second > first && second <= Date.now())
  t.match(isoTime(), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})
