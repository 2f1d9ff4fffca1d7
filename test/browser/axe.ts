import { readFileSync } from 'node:fs'
import type { Result } from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** An accessibility rule that an element violates. */
export interface Violation {
  rule: string
  element: string
}

/** Returns the violations of WCAG 2.2 and of axe-core's best practices. */
export async function violationsOf(page: Page): Promise<Violation[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE)
  const violations = (await page.evaluate(
    'axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations)',
  )) as Result[] // the result type that axe-core documents
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => ({ rule: id, element: html })),
  )
}
