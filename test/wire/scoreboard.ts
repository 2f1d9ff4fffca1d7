import { HTTPS_SECURITY_FIELDS } from '../../src/http/security-fields.ts'
import type { WireCase } from './case.ts'
import { differences } from './case.ts'
import type { Outcome } from './run.ts'
import { TABLES } from './tables.ts'

/**
 * Returns the text of docs/http.md.
 *
 * @param bare results of bare Fastify, in the order of the tables
 */
export function writeScoreboard(bare: readonly Outcome[]): string {
  const verdicts = new Map(bare.map((outcome) => [outcome.wireCase, verdictOf(outcome)]))
  const passed = [...verdicts.values()].filter((verdict) => verdict === YES).length
  const sections = TABLES.map(({ title, file, cases }) =>
    [
      `## ${title}`,
      `Cases: \`${file}\`.`,
      [
        '| rule | request | expected response | bare Fastify |',
        '| --- | --- | --- | --- |',
        ...cases.map((each) => {
          const cells = [each.sent, expectationOf(each), String(verdicts.get(each))]
          return `| ${[linkTo(each.section), ...cells.map(escapeCell)].join(' | ')} |`
        }),
      ].join('\n'),
    ].join('\n\n'),
  )
  return `${[introduction(bare.length, passed), COMMON_FIELDS, ...sections].join('\n\n')}\n`
}

const YES = 'yes'

const COMMON_FIELDS = `## Header fields of every response

The OpenAPI document lists the header fields of each response, except those that every response has:

- ${Object.keys(HTTPS_SECURITY_FIELDS).join(', ')} (the last one over HTTPS only)
- Access-Control-Allow-Origin and Access-Control-Expose-Headers, for the origins in CORS_ORIGIN`

function introduction(total: number, passed: number): string {
  return `# HTTP, rule by rule

This page lists the ${total} rules of HTTP that the tests check on real sockets, with the resources of \`test/fixtures/\`.
Each row is a check of \`test/wire/wire.test.ts\`, whose title is the first two cells of the row.

The last column shows whether bare Fastify with the same resources (\`test/wire/bare.ts\`) responds as expected: \`yes\`,
or the first difference. It passes ${passed} of the ${total} rows. A difference may concern another rule than that of its
row, since a row can list header fields that other rules require. The comparison ignores the text of an error, and
whether the connection is closed after the error.

\`npm run scoreboard\` writes this page; a test fails if it is out of date.`
}

/**
 * Returns the table cell for bare Fastify: `yes` or the first difference. Ignores the text of an error, and whether
 * the connection is closed after the error.
 */
function verdictOf({ wireCase, conversation, problems }: Outcome): string {
  if (Number(wireCase.statuses.at(-1)) < 400) return problems[0] ?? YES
  const { body, isClosed = conversation.isClosed, ...rest } = wireCase
  return differences({ ...rest, isClosed }, conversation)[0] ?? YES
}

/** Describes the expected responses. */
function expectationOf({ statuses, isClosed, headers = {}, body, sameFields }: WireCase): string {
  const parts = [statuses.join(', ')]
  if (sameFields) parts.push('the same header fields')
  for (const [name, value] of Object.entries(headers)) {
    parts.push(value === null ? `no \`${name}\`` : `\`${name}: ${shorten(String(value))}\``)
  }
  if (typeof body === 'string' || body instanceof RegExp) parts.push(`\`${shorten(String(body))}\``)
  else if (body) parts.push(`\`${shorten(JSON.stringify(body))}\``)
  if (isClosed) parts.push('connection closed')
  return parts.join('; ')
}

/** Maximum length of a value in the table, in characters. */
const VALUE_LIMIT = 80

function shorten(text: string): string {
  const line = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\')
  return line.length > VALUE_LIMIT ? `${line.slice(0, VALUE_LIMIT)}…` : line
}

/** Links a section such as `RFC 9110 §9.3.2`. */
function linkTo(rule: string): string {
  const [, number, section] = /^RFC (\d+) §([\d.]+)$/.exec(rule) ?? []
  if (!section) throw new Error(`${rule} is not a section of an RFC`)
  return `[${rule}](https://www.rfc-editor.org/rfc/rfc${number}#section-${section})`
}

/** Escapes bars, which start a new cell in Markdown, and `<`, which starts HTML. */
function escapeCell(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
