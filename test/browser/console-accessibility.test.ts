import type { Page } from 'playwright-core'
import { build } from '../app.ts'
import '../fixtures/register.ts'
import { type Violation, violationsOf } from './axe.ts'
import { listen, testInBrowser } from './browser.ts'

/** An accessibility rule that elements of Swagger UI violate. */
interface Exception {
  rule: string
  /** Matches the start of the elements' markup. */
  element: RegExp
  reason: string
}

const EXCEPTIONS: Exception[] = [
  {
    rule: 'heading-order',
    element: /^<h3 class="opblock-tag"/,
    reason: 'Swagger UI renders tags as h3, directly below the h1 of the title',
  },
  {
    rule: 'label',
    element: /^<textarea class="body-param__text"/,
    reason: 'Swagger UI renders no label for a body, and has no option to add one',
  },
  {
    rule: 'region',
    element: /^<div(?: class="information-container wrapper")?>/,
    reason: 'Swagger UI renders the part above the operations outside of its main element',
  },
]

function covers({ rule, element }: Exception, violation: Violation): boolean {
  return rule === violation.rule && element.test(violation.element)
}

/** An operation with several body types, and an operation with a path parameter, If-Match and credentials. */
const OPERATIONS = ['#operations-files-createFixtureFile', '#operations-notes-replaceFixtureNote']

const COLOR_SCHEMES = ['light', 'dark'] as const

testInBrowser(
  'the console has no accessibility violations in light and dark mode',
  async (t, open) => {
    const page = await open({ colorScheme: 'dark' })
    await page.goto(`${await listen(await build(t))}/docs`)
    await page.locator('.opblock').first().waitFor()
    await page.locator('html.dark-mode').waitFor()
    const violations: Record<string, Violation[]> = { light: [], dark: [] }
    async function collect() {
      for (const colorScheme of COLOR_SCHEMES) {
        await changeColors(page, colorScheme)
        violations[colorScheme]?.push(...(await violationsOf(page)))
      }
    }
    await collect()
    for (const operation of OPERATIONS) {
      const summary = page.locator(`${operation} .opblock-summary-control`)
      await summary.click()
      await page.locator(`${operation} .execute`).waitFor()
      await collect()
      await summary.click()
    }
    for (const [colorScheme, found] of Object.entries(violations)) {
      t.same(
        found.filter((each) => !EXCEPTIONS.some((exception) => covers(exception, each))),
        [],
        `${colorScheme}: only Swagger UI has violations`,
      )
      for (const exception of EXCEPTIONS) {
        const isNeeded = found.some((each) => covers(exception, each))
        t.ok(isNeeded, `the exception from ${exception.rule} is still needed: ${exception.reason}`)
      }
    }
  },
)

/** Changes the color scheme, and finishes the transitions that the change starts. */
async function changeColors(page: Page, colorScheme: 'light' | 'dark') {
  await page.emulateMedia({ colorScheme })
  await page.locator(colorScheme === 'dark' ? 'html.dark-mode' : 'html:not(.dark-mode)').waitFor()
  await page.evaluate(
    'for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish()',
  )
}
