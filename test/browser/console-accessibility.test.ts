import { build } from '../app.ts'
import { type Violation, violationsOf } from './axe.ts'
import { listen, testInBrowser } from './browser.ts'

/** A rule that elements of Swagger UI break, and why they do. */
interface Exception {
  rule: string
  /** How each of the elements begins. */
  element: RegExp
  because: string
}

const EXCEPTIONS: Exception[] = [
  {
    rule: 'heading-order',
    element: /^<h3 class="opblock-tag"/,
    because: 'tags are h3 right below the h1 of the title, in its components',
  },
  {
    rule: 'label',
    element: /^<textarea class="body-param__text"/,
    because: 'the heading above is not the label of a body, and no option makes it one',
  },
  {
    rule: 'region',
    element: /^<div(?: class="information-container wrapper")?>/,
    because: 'its main is around the operations, what stands before them is in no landmark',
  },
]

function covers({ rule, element }: Exception, violation: Violation): boolean {
  return rule === violation.rule && element.test(violation.element)
}

/** One of many bodies, and one that needs a path, a version and credentials. */
const OPERATIONS = ['#operations-messages-createMessage', '#operations-articles-replaceArticle']

for (const colorScheme of ['light', 'dark'] as const) {
  testInBrowser(`everyone can use the console, ${colorScheme}`, async (t, open) => {
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
      'with reasoned exceptions',
    )
    for (const exception of EXCEPTIONS) {
      const isNeeded = violations.some((each) => covers(exception, each))
      t.ok(isNeeded, `${exception.rule} needs its exception: ${exception.because}`)
    }
  })
}
