import t from 'tap'
import { build } from '../../app.ts'
import { HOSTILE, quoted } from '../../hostile.ts'
import { expectSameMarkup, pageOf } from '../../page.ts'

/** Functions that write the header fields of a form part. The fields contain the given text. */
const PARTS: Record<string, (text: string) => string> = {
  'the name of a file': (text) =>
    `Content-Disposition: form-data; name="f"; filename*=utf-8''${encodeURIComponent(text)}`,
  'the media type of a file': (text) =>
    'Content-Disposition: form-data; name="f"; filename="f"\r\n' +
    `Content-Type: text/html; a="${quoted(text)}"`,
}

for (const [place, fieldsOf] of Object.entries(PARTS)) {
  t.test(`the list of messages escapes markup in ${place}`, async (t) => {
    const app = await build(t)
    const store = async (text: string) => {
      const payload = `--b\r\n${fieldsOf(text)}\r\n\r\nx\r\n--b--`
      const headers = { 'content-type': 'multipart/form-data; boundary=b' }
      const request = { method: 'POST', url: '/messages', headers, payload } as const
      t.equal((await app.inject(request)).statusCode, 201)
      return pageOf(app, { url: '/messages?limit=1&sort=-id' })
    }
    await store('plain') // because of this message, each list has a next page
    const plain = await store('plain')
    for (const text of HOSTILE) expectSameMarkup(t, text, await store(text), plain)
  })
}
