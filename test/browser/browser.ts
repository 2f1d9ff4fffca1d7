import type { FastifyInstance } from 'fastify'
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import t, { type Test } from 'tap'
import { skipUnless } from '../requirement.ts'
import { launch } from './chromium.ts'

/** Time limit of each step in a page. It is long, because the machine may be busy with other tests. */
const PAGE_TIMEOUT_MS = 30_000

const skip = skipUnless('chromium')

let browser: Promise<Browser> | undefined

/** Returns the Chromium of this test file. The first call starts the browser. */
function openBrowser(): Promise<Browser> {
  browser ??= launch()
  return browser
}

t.teardown(async () => (await browser)?.close())

/** Opens a page in a new browser context, so that tests do not share cookies and credentials. */
type Open = (options?: BrowserContextOptions) => Promise<Page>

/**
 * Defines a test in Chromium. The test also fails if a page logs an error or a violation of the content security
 * policy, opens a dialog, cannot load a file, or sends a request to another origin.
 */
export function testInBrowser(title: string, body: (t: Test, open: Open) => Promise<unknown>) {
  t.test(title, { skip }, async (t) => {
    const problems: string[] = []
    await body(t, async (options = {}) => {
      const context = await (await openBrowser()).newContext(options)
      t.teardown(() => context.close())
      context.setDefaultTimeout(PAGE_TIMEOUT_MS)
      const page = await context.newPage()
      collectProblems(page, problems)
      return page
    })
    t.same(problems, [], 'no page has a problem')
  })
}

/** Matches console messages about failed requests. collectProblems() checks the responses instead. */
const FAILED_REQUEST =
  /^Failed to load resource: (?:the server responded with a status of|net::ERR_FAILED$)/

function collectProblems(page: Page, problems: string[]) {
  const seen = new Set<string>()
  page.on('console', (message) => {
    const isProblem = message.type() === 'error' || message.type() === 'warning'
    if (isProblem && !FAILED_REQUEST.test(message.text())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`)
    dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!/^https?:/.test(request.url())) return
    seen.add(new URL(request.url()).origin)
    if (seen.size > 1) problems.push(`request to another origin: ${request.url()}`)
  })
  page.on('response', (response) => {
    const isFailure = isPageFile(response.request()) && response.status() >= 400
    if (isFailure) problems.push(`${response.status()} ${response.url()}`)
  })
}

/** Returns true for stylesheets, scripts and images. */
function isPageFile(request: Request): boolean {
  return !['document', 'fetch', 'xhr'].includes(request.resourceType())
}

/** Makes the app listen on a free port, and returns its origin. */
export function listen(app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 })
}
