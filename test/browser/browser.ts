import type { FastifyInstance } from 'fastify'
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import t, { type Test } from 'tap'
import { skipUnless } from '../requirement.ts'
import { launch } from './chromium.ts'

/** How long a page may take, in milliseconds: the machine may be busy with others. */
const PATIENCE = 30_000

const skip = skipUnless('chromium')

let browser: Promise<Browser> | undefined

/** Starts Chromium, once for a file of tests. */
function openBrowser(): Promise<Browser> {
  browser ??= launch()
  return browser
}

t.teardown(async () => (await browser)?.close())

/** Opens pages in a context of their own: its cookies and credentials end with the test. */
export type Open = (options?: BrowserContextOptions) => Promise<Page>

/**
 * A test in Chromium. It fails where a page that it opened complained: an error on the console, a
 * violation of its content security policy, a dialog, a part of it that is missing, or a request to
 * another origin.
 */
export function testInBrowser(title: string, body: (t: Test, open: Open) => Promise<unknown>) {
  t.test(title, { skip }, async (t) => {
    const complaints: string[] = []
    await body(t, async (options = {}) => {
      const context = await (await openBrowser()).newContext(options)
      t.teardown(() => context.close())
      context.setDefaultTimeout(PATIENCE)
      const page = await context.newPage()
      watch(page, complaints)
      return page
    })
    t.same(complaints, [], 'no page complained')
  })
}

/** What the browser says of every failure, wanted or not; which ones are not, `watch` finds out. */
const TOLD = /^Failed to load resource: (?:the server responded with a status of|net::ERR_FAILED$)/

function watch(page: Page, complaints: string[]) {
  const seen = new Set<string>()
  page.on('console', (message) => {
    const isTrouble = message.type() === 'error' || message.type() === 'warning'
    if (isTrouble && !TOLD.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!/^https?:/.test(request.url())) return
    seen.add(new URL(request.url()).origin)
    if (seen.size > 1) complaints.push(`a request to another origin: ${request.url()}`)
  })
  page.on('response', (response) => {
    const isFailure = isPart(response.request()) && response.status() >= 400
    if (isFailure) complaints.push(`${response.status()} ${response.url()}`)
  })
}

/** Whether the page loads it to look as it should. */
function isPart(request: Request): boolean {
  return !['document', 'fetch'].includes(request.resourceType())
}

/** Has an app listen on a free port of this machine, and gives its origin. */
export function listen(app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 })
}
