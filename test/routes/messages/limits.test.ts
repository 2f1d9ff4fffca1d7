import { randomBytes } from 'node:crypto'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { build, expectReply } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'

const FORM = { 'content-type': 'multipart/form-data; boundary=B' }

function formOf(fields: string) {
  return `--B\r\nContent-Disposition: form-data; name="f"; ${fields}\r\n\r\nHello\r\n--B--\r\n`
}

for (const fields of ['filename="a\0b"', "filename*=UTF-8''a%00b", "filename*=iso-8859-1''%00"]) {
  testOnEachEngine(
    `POST /messages returns 400 for a file with ${JSON.stringify(fields)}`,
    async (t) => {
      const app = await build(t)
      const payload = formOf(fields)
      const request = { method: 'POST', url: '/messages', headers: FORM, payload } as const
      const message =
        'Bad Request: the multipart body is malformed: a file name contains a NUL character'
      await expectReply(t, app, request, { status: 400, body: { status: 400, message } })
      t.equal(await app.store(createMessageStore).find(1), undefined, 'nothing is stored')
    },
  )
}

/** Returns a media type of the given length that compression cannot shorten. */
function mediaTypeOf(length: number) {
  return `text/plain; x=${randomBytes(length).toString('hex')}`.slice(0, length)
}

testOnEachEngine('POST /messages accepts a media type of at most 255 characters', async (t) => {
  const app = await build(t)
  const message = 'Bad Request: a media type must have at most 255 characters'
  const refused = { status: 400, body: { status: 400, message } }
  const long = { 'content-type': mediaTypeOf(256) }
  const send = { method: 'POST', url: '/messages', payload: 'Hello' } as const
  await expectReply(t, app, { ...send, headers: long }, refused)
  const payload = formOf(`filename=x\r\nContent-Type: ${mediaTypeOf(8_000)}`)
  await expectReply(t, app, { ...send, headers: FORM, payload }, refused)
  t.equal(await app.store(createMessageStore).find(1), undefined, 'nothing is stored')

  const headers = { 'content-type': mediaTypeOf(255) }
  await expectReply(t, app, { ...send, headers }, { status: 201 })
  await expectReply(t, app, { url: '/messages/1' }, { type: headers['content-type'] })
})

testOnEachEngine('POST /messages accepts a file name of at most 255 characters', async (t) => {
  const app = await build(t)
  const send = { method: 'POST', url: '/messages', headers: FORM } as const
  const named = (length: number) => ({
    ...send,
    payload: formOf(`filename="${'x'.repeat(length)}"`),
  })
  const message = "Bad Request: a file's name must have at most 255 characters"
  await expectReply(t, app, named(256), { status: 400, body: { status: 400, message } })
  t.equal(await app.store(createMessageStore).find(1), undefined, 'nothing is stored')
  await expectReply(t, app, named(255), { status: 201 })
})
