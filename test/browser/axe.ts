import { readFileSync } from 'node:fs'
import type { Result } from 'axe-core'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'

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

const SCREENS = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
  'small phone': { width: 320, height: 640 },
}

/** Checks a page on each screen, light and dark: no violations, and no horizontal scrolling. */
export async function checkAccessibility(t: Test, page: Page, name: string) {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      t.same(await violationsOf(page), [], `${name} has no violations: ${screen}, ${colorScheme}`)
    }
    const width = await page.evaluate('document.documentElement.scrollWidth')
    t.equal(width, viewport.width, `${name} does not scroll horizontally: ${screen}`)
  }
}
