import t from 'tap'
import { REPORT_LIMIT, reportOf } from './report.ts'

/** Problems, with a part of the instruction that the report gives. */
const PROBLEMS: [problem: string, instruction: string][] = [
  ['409 is not declared', 'To do: add the status to problemResponses()'],
  ['500 means that the service failed', 'To do: correct the handler: the log line'],
  ['cache-control is undefined', 'To do: let the caching plugin set Cache-Control'],
  ['POST /a creates no resource for the tests: 400', 'To do: correct the handler or the schema'],
  ['body has no member /mail', 'To do: name the member of the column'],
  ['the document shows an error of the database', 'To do: throw an HttpError'],
  ['200 is not 404', 'To do: find the resource within all parents in the path'],
  ['a refused write has changed the database', 'To do: write in one transaction'],
  [`HEAD differs from GET\n${'+ a\n'.repeat(100)}`, 'To do: correct the route, or its schema.'],
]

t.test('a report says what to do, in at most 20 lines', async (t) => {
  const request = { method: 'POST', url: '/a', headers: { accept: 'a/b' }, body: 'é'.repeat(9_999) }
  const reply = { statusCode: 409, statusMessage: 'Conflict', headers: {}, body: '\n'.repeat(99) }
  const exchange = { request, reply, route: undefined } as never
  for (const [problem, instruction] of PROBLEMS) {
    for (const report of [
      reportOf(problem, exchange, 'a line'),
      reportOf(problem, undefined, ''),
    ]) {
      t.match(report, instruction)
      t.match(report, /notFuzzed: '.+'/)
      const lines = report.split('\n')
      t.ok(lines.length < REPORT_LIMIT.lines, `${lines.length} lines`)
      t.ok(lines.every((line) => line.length <= REPORT_LIMIT.characters))
    }
    t.match(reportOf(problem, exchange, 'a line'), '> POST /a\n')
  }
})
