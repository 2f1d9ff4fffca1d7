import type { WireCase } from './case.ts'
import { differences } from './case.ts'
import type { Outcome } from './run.ts'
import { TABLES } from './tables.ts'

/**
 * Writes the page of what the service promises on the wire.
 *
 * @param bare what came of the cases on bare Fastify, in the order of the tables.
 */
export function writeScoreboard(bare: readonly Outcome[]): string {
  const verdicts = new Map(bare.map((outcome) => [outcome.wireCase, verdictOf(outcome)]))
  const passed = [...verdicts.values()].filter((verdict) => verdict === YES).length
  const sections = TABLES.map(({ title, file, cases }) =>
    [
      `## ${title}`,
      `Proved by \`${file}\`.`,
      [
        '| rule | what is sent | what must come back | bare Fastify |',
        '| --- | --- | --- | --- |',
        ...cases.map((each) => {
          const cells = [each.sent, expectationOf(each), String(verdicts.get(each))]
          return `| ${[linkTo(each.section), ...cells.map(escapeCell)].join(' | ')} |`
        }),
      ].join('\n'),
    ].join('\n\n'),
  )
  return `${[introduction(bare.length, passed), ...sections].join('\n\n')}\n`
}

const YES = 'yes'

function introduction(total: number, passed: number): string {
  return `# HTTP, rule by rule

What the service promises on the wire: ${total} conversations on real sockets, each with the rule that it follows.
\`test/wire/wire.test.ts\` holds all of them, under the title that a row's first two cells make. The last
column is the same conversation with the same resources on Fastify alone (\`test/wire/bare.ts\`), which
keeps ${passed} of the ${total}: \`yes\`, or the first thing that it does otherwise. A row asks for all that it lists, so this may
be no more than a field that another rule asks for. The words of an error, and a connection that is closed
behind one, are not held against it.

This page is written by \`npm run scoreboard\`, and a test fails where it and the tables differ.`
}

/** How bare Fastify fares. What an error says, and to hang up behind it, is a server's own choice. */
function verdictOf({ wireCase, conversation, problems }: Outcome): string {
  if (Number(wireCase.statuses.at(-1)) < 400) return problems[0] ?? YES
  const { body, isClosed = conversation.isClosed, ...rest } = wireCase
  return differences({ ...rest, isClosed }, conversation)[0] ?? YES
}

/** What must come back, in words. */
function expectationOf({ statuses, isClosed, headers = {}, body, sameFields }: WireCase): string {
  const parts = [statuses.join(', ')]
  if (sameFields) parts.push('the same fields')
  for (const [name, value] of Object.entries(headers)) {
    parts.push(value === null ? `no \`${name}\`` : `\`${name}: ${shorten(String(value))}\``)
  }
  if (typeof body === 'string' || body instanceof RegExp) parts.push(`\`${shorten(String(body))}\``)
  else if (body) parts.push(`\`${shorten(JSON.stringify(body))}\``)
  if (isClosed) parts.push('closed')
  return parts.join('; ')
}

/** The most characters of a value that are shown. */
const SHOWN = 80

function shorten(text: string): string {
  const line = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\')
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line
}

/** `RFC 9110 §9.3.2`, as a link to it. */
function linkTo(rule: string): string {
  const [, number, section] = /^RFC (\d+) §([\d.]+)$/.exec(rule) ?? []
  if (!section) throw new Error(`${rule} is no section of an RFC`)
  return `[${rule}](https://www.rfc-editor.org/rfc/rfc${number}#section-${section})`
}

/** A bar would begin another cell, and markup would be taken for such. */
function escapeCell(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
