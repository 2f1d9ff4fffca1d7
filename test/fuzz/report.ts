import type { Exchange } from './session.ts'

/** Maximum number of lines of a report, and of characters of a line. */
export const REPORT_LIMIT = { lines: 20, characters: 400 }

/** Lines of the problem that a report shows. */
const PROBLEM_LINES = 8

/** Instructions by the text of the problem. The last one fits all problems. */
const INSTRUCTIONS: [problem: RegExp, instruction: string][] = [
  [
    /(\d{3}) is not declared/,
    'add the status to problemResponses() in the schema of the route, or do not return it',
  ],
  [/means that the service failed/, 'correct the handler: the log line shows the error'],
  [
    /cache-control is/,
    'let the caching plugin set Cache-Control, or set it to private or no-store if the route requires authentication',
  ],
  [/has no member/, 'name the member of the column: `members` of createVersionedRows'],
  [/error of the database/, 'throw an HttpError, whose message clients may read'],
  [
    /creates no resource/,
    'correct the handler or the schema of its body, whose values should be accepted',
  ],
  [
    /is not 404/,
    'find the resource within all parents in the path (`scope` of createVersionedRows), and the parent of a list',
  ],
  [/has changed the database/, 'write in one transaction, after all checks'],
  [/./, 'correct the route, or its schema'],
]

/** Describes a failure, like the output of curl, and what to do. */
export function reportOf(problem: string, exchange: Exchange | undefined, log: string): string {
  const [, instruction] = INSTRUCTIONS.find(([pattern]) => pattern.test(problem)) ?? []
  const lines = [
    ...problem.split('\n').slice(0, PROBLEM_LINES),
    ...(exchange ? describe(exchange) : []),
    ...(log ? [`log: ${log}`] : []),
    `To do: ${instruction}.`,
    "If tests cannot call the route, give it a reason: config: { notFuzzed: 'it sends mail' }.",
  ]
  return lines.map((line) => line.slice(0, REPORT_LIMIT.characters)).join('\n')
}

function describe({ request, reply }: Exchange): string[] {
  const { method, url, headers, body } = request
  const sent = typeof body === 'string' ? body : Buffer.from(body ?? '').toString('latin1')
  return [
    `> ${method} ${url}`,
    `> ${JSON.stringify(headers)}`,
    `> ${JSON.stringify(sent)}`,
    `< ${reply.statusCode} ${reply.statusMessage}`,
    `< ${JSON.stringify(reply.headers)}`,
    `< ${JSON.stringify(reply.body)}`,
  ]
}
