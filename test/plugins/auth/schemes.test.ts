/** Authentication of the program that embeds the service, with one of the schemes. */
import t, { type Test } from 'tap'
import { buildApp } from '../../../src/app.ts'
import { parseConfig } from '../../../src/config.ts'
import type { Scheme } from '../../../src/http/authentication-schemes.ts'
import { AUTHORIZATION, build, createLog, write } from '../../app.ts'
import { readPage, textIn } from '../../page.ts'
import '../../fixtures/register.ts'

/** Accepts all credentials, without scopes. */
const authenticate = async () => ({ name: 'ann', scopes: [] })

/** Builds the service with one scheme. */
const buildOnly = (t: Test, scheme: Scheme) => build(t, {}, { schemes: [scheme], authenticate })

const BROWSER = { accept: 'text/html' }

t.test('with an `authenticate` of its own, the service needs no accounts', async (t) => {
  const environment = { HOST: '0.0.0.0', TRUST_PROXY: '10.0.0.1', CORS_ORIGIN: '*' }
  const config = parseConfig({ ...environment, DATABASE_URL: 'sqlite::memory:' }, { authenticate })
  t.match(config, { tutorialAccounts: false, hosts: { onlyLoopback: false } })
  t.strictSame([config.auth.users, config.auth.tokens], [[], []])
  t.throws(() => parseConfig(environment, { schemes: ['Bearer'] }), { message: /set AUTH_USERS/ })
  const app = await buildApp(config, { logDestination: createLog() })
  t.teardown(() => app.close())
  const ask = (authorization: string) =>
    app.inject({ url: '/vault', headers: { authorization, host: 'api.example' } })
  t.equal((await ask('Bearer x')).body, 'Gold', 'without `schemes`, all schemes are accepted')
  t.equal((await ask(AUTHORIZATION)).body, 'Gold')
})

for (const [scheme, challenge, other] of [
  ['Basic', 'Basic realm="Example", charset="UTF-8"', 'Bearer x'],
  ['Bearer', 'Bearer realm="Example"', AUTHORIZATION],
] as const) {
  t.test(`with the scheme ${scheme} only, other credentials are refused`, async (t) => {
    const app = await buildOnly(t, scheme)
    const { statusCode, headers } = await app.inject({
      url: '/vault',
      headers: { authorization: other },
    })
    t.equal(statusCode, 401)
    t.same(headers['www-authenticate'], [challenge])
  })

  t.test(`with the scheme ${scheme} only, the OpenAPI document names no other`, async (t) => {
    const app = await buildOnly(t, scheme)
    const document = (await app.inject('/openapi.json')).json()
    const name = scheme.toLowerCase()
    t.same(Object.keys(document.components.securitySchemes), [name])
    t.same(document.paths['/vault'].get.security, [{ [name]: [] }])
    t.equal(document.components.headers['WWW-Authenticate'].example, challenge)
  })
}

t.test('a 403 has a challenge only if the scheme has error codes', async (t) => {
  for (const [scheme, authorization, challenge] of [
    ['Basic', AUTHORIZATION, undefined],
    ['Bearer', 'Bearer x', 'Bearer realm="Example", error="insufficient_scope", scope="write"'],
  ] as const) {
    const app = await buildOnly(t, scheme)
    const reply = await app.inject(write('DELETE', '/notes/123', { authorization }))
    t.equal(reply.statusCode, 403)
    t.same(reply.headers['www-authenticate'], challenge)
  }
})

for (const [scheme, label, inputs, option] of [
  ['Basic', 'Password', ['user', 'secret'], '-u NAME'],
  ['Bearer', 'Token', ['secret'], "-H 'Authorization: Bearer TOKEN'"],
] as const) {
  t.test(`with the scheme ${scheme} only, pages offer no other`, async (t) => {
    const app = await buildOnly(t, scheme)
    const { body } = await app.inject({ url: '/notes/123', headers: BROWSER })
    const { elements } = readPage(body)
    const schemes = elements.filter(({ attributes }) => attributes['data-secret'])
    t.same([...new Set(schemes.map(({ text }) => text))], [scheme])
    const names = elements.map(({ attributes }) => attributes['data-part'])
    for (const name of ['user', 'secret']) {
      t.equal(
        names.includes(name),
        inputs.some((each) => each === name),
        name,
      )
    }
    const hasLabel = ({ name, text }: { name: string; text: string }) =>
      name === 'label' && text === label
    t.ok(elements.some(hasLabel), `the field is called ${label}`)
    const commands = elements.filter(({ attributes }) => attributes.class === 'command')
    t.ok(commands.length > 0)
    for (const { text } of commands.slice(1)) t.match(text, option)
    const refused = await app.inject({ url: '/vault', headers: BROWSER })
    t.match(textIn(refused.body, '.command')?.replaceAll(' \\\n ', ''), option)
  })
}
