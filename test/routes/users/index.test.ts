import { build, expectReply } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'

testOnEachEngine(
  'GET /users/:userId returns JSON to curl, with the id as the key and the name as the value',
  async (t) => {
    const app = await build(t)
    const type = 'application/json; charset=utf-8'
    for (const [id, name] of [
      ['1', 'john'],
      ['2', 'steve'],
      ['3', 'bill'],
    ] as const) {
      const request = { url: `/users/${id}`, headers: { accept: '*/*' } }
      await expectReply(t, app, request, { type, body: `{"${id}":"${name}"}` })
    }
  },
)

testOnEachEngine('GET /users/:userId returns XML with the id as an attribute', async (t) => {
  const app = await build(t)
  await expectReply(
    t,
    app,
    { url: '/users/2', headers: { accept: 'application/xml' } },
    {
      type: 'application/xml; charset=utf-8',
      body: '<?xml version="1.0" encoding="UTF-8"?>\n<user><entry key="2">steve</entry></user>\n',
    },
  )
})

testOnEachEngine("GET /users/4 returns the tutorial's 404", async (t) => {
  const app = await build(t)
  const message = 'Not Found: http://127.0.0.1:5000/users/4'
  await expectReply(
    t,
    app,
    { url: '/users/4', headers: { host: '127.0.0.1:5000' } },
    { status: 404, type: 'application/json; charset=utf-8', body: { status: 404, message } },
  )
})

testOnEachEngine('GET /users/:userId returns 400 for an invalid id', async (t) => {
  const app = await build(t)
  for (const id of ['steve', '0', '2.0', '0x2', '%32e0', '9007199254740992']) {
    const reply = await expectReply(t, app, { url: `/users/${id}` }, { status: 400 })
    t.match(
      reply.json().errors,
      [{ in: 'params', pointer: '/userId' }],
      'the error names the parameter',
    )
  }
})
