import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** A rule that an element breaks. */
export interface Violation {
  rule: string
  element: string
}

/** What keeps people from using a page: by the rules of WCAG 2.2, and what is good besides. */
export async function violationsOf(page: Page): Promise<Violation[]> {
  await page.evaluate(axe.source)
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults // as it says
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => ({ rule: id, element: html })),
  )
}
