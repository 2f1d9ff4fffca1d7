import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { LAST_RELEASE, readReleased, skipWithout } from '../release.ts'
import { type ComparedDocument, findBreakingChanges } from './breaking-changes.ts'
import { BREAKING, COMPATIBLE, DOCUMENT, TODAY } from './changes.ts'
import { DECLARED_CHANGES } from './declared-changes.ts'
import { OPENAPI_FILE } from './responses.ts'

t.setTimeout(10 * 60_000) // may install the library

const HELP = 'CONTRIBUTING.md shows how to declare a change'

t.test(
  `docs/openapi.yaml breaks no client of the last release; ${HELP}`,
  { skip: skipWithout(LAST_RELEASE) },
  async (t) => {
    if (!LAST_RELEASE) return
    const released: ComparedDocument = parse(readReleased(LAST_RELEASE, 'docs/openapi.yaml'))
    const current: ComparedDocument = parse(readFileSync(OPENAPI_FILE, 'utf8'))
    const today = new Date().toISOString().slice(0, 10)
    const changes = findBreakingChanges(released, current, today)
    t.same(
      changes.filter((each) => !DECLARED_CHANGES.some(({ change }) => change.test(each))),
      [],
    )
    for (const { change, reason } of DECLARED_CHANGES) {
      const isNeeded = changes.some((each) => change.test(each))
      t.ok(isNeeded, `the declaration of ${change} is still needed: ${reason}`)
    }
  },
)

/** Returns the breaking changes in a document in which a text was replaced. */
function compare(t: Test, text: string, replacement: string): string[] {
  t.ok(DOCUMENT.includes(text), 'the document has the text')
  return findBreakingChanges(parse(DOCUMENT), parse(DOCUMENT.replace(text, replacement)), TODAY)
}

for (const [title, text, replacement, end] of BREAKING) {
  t.test(`the comparison reports ${title}`, async (t) => {
    const changes = compare(t, text, replacement)
    t.same(
      changes.map((change) => change.slice(-end.length)),
      [end],
    )
  })
}

for (const [title, text, replacement] of COMPATIBLE) {
  t.test(`the comparison accepts ${title}`, async (t) => {
    t.same(compare(t, text, replacement), [])
  })
}
