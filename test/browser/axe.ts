import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** An accessibility rule that an element violates. */
export interface Violation {
  rule: string
  element: string
}

/** Returns the violations of WCAG 2.2 and of axe-core's best practices. */
export async function violationsOf(page: Page): Promise<Violation[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source)
  const results = await page.evaluate('axe.run({ resultTypes: ["violations"] })')
  const { violations } = results as axe.AxeResults // the type that axe-core documents
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => ({ rule: id, element: html })),
  )
}
