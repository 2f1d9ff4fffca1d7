import { build } from '../app.ts'
import '../fixtures/register.ts'
import { type Violation, violationsOf } from './axe.ts'
import { listen, testInBrowser } from './browser.ts'

/** A rule that elements of Swagger UI violate. */
interface Exception {
  rule: string
  /** Start of the elements' markup. */
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

/** An operation with several body types, and one with path, If-Match and credentials. */
const OPERATIONS = ['#operations-files-createFile', '#operations-notes-replaceNote']

for (const colorScheme of ['light', 'dark'] as const) {
  testInBrowser(`the console has no accessibility violations: ${colorScheme}`, async (t, open) => {
    const page = await open({ colorScheme })
    await page.goto(`${await listen(await build(t))}/docs`)
    await page.locator('.opblock').first().waitFor()
    const violations = await violationsOf(page)
    for (const operation of OPERATIONS) {
      const summary = page.locator(`${operation} .opblock-summary-control`)
      await summary.click()
      await page.locator(`${operation} .execute`).waitFor()
      violations.push(...(await violationsOf(page)))
      await summary.click()
    }
    t.same(
      violations.filter((each) => !EXCEPTIONS.some((exception) => covers(exception, each))),
      [],
      'except those of Swagger UI',
    )
    for (const exception of EXCEPTIONS) {
      const isNeeded = violations.some((each) => covers(exception, each))
      t.ok(isNeeded, `${exception.rule} still needs its exception: ${exception.reason}`)
    }
  })
}
