import { build, patch } from '../app.ts'
import '../fixtures/register.ts'
import { listen, testInBrowser } from './browser.ts'

testInBrowser(
  'a page that reads a note, changes it and reads again after a 412 succeeds with each change',
  async (t, open) => {
    const app = await build(t)
    const page = await open()
    await page.goto(`${await listen(app)}/docs`)
    /** Changes the title, and returns the number of attempts; 0 if none of three attempts succeeds. */
    const changeTitle = (title: string) =>
      page.evaluate(
        async ([title, authorization]) => {
          for (let attempt = 1; attempt <= 3; attempt++) {
            const { headers } = await fetch('/notes/123', {
              headers: { accept: 'application/json' },
            })
            const response = await fetch('/notes/123', {
              method: 'PATCH',
              headers: {
                'content-type': 'application/merge-patch+json',
                'if-match': String(headers.get('etag')),
                authorization,
              },
              body: JSON.stringify({ title }),
            })
            if (response.status !== 412) return response.ok ? attempt : 0
          }
          return 0
        },
        [title, `Basic ${btoa('admin:secret')}`] as const,
      )
    for (const title of ['One', 'Two', 'Three', 'Four']) {
      t.equal(await changeTitle(title), 1, `the page changes the title to ${title}`)
      // Another client changes the note. The page has a copy of the earlier version in its cache.
      const fields = { 'if-match': '*' }
      const request = patch('/notes/123', 'application/merge-patch+json', { body: title }, fields)
      t.equal((await app.inject(request)).statusCode, 200)
    }
  },
)
