import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** An accessibility rule that an element violates. */
export interface Violation {
  rule: string
  element: string
}

/** Returns the violations of WCAG 2.2 and of axe-core's best practices. */
export async function violationsOf(page: Page): Promise<Violation[]> {
  await page.evaluate(axe.source)
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults // the type that axe-core documents
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => ({ rule: id, element: html })),
  )
}
