import t from 'tap'
import { ACCOUNT } from '../../app.ts'
import { startNginx } from '../../nginx.ts'
import { skipUnless } from '../../requirement.ts'
import {
  ATTACKS,
  attack,
  expectProtected,
  expectServed,
  LARGE,
  startNormalClients,
  startWithLarge,
} from '../slow-clients.ts'

const skip = skipUnless('slowhttptest')

/** Number of slow clients of the service itself, and of nginx in front of it. */
const SLOW_CLIENTS = 300
const SLOW_CLIENTS_OF_NGINX = 2_200

t.setTimeout(300_000)

for (const [title, attack] of Object.entries(ATTACKS)) {
  t.test(
    `the service disconnects ${title}, and still responds to other clients`,
    { skip },
    async (t) => {
      const { url } = await startWithLarge(t)
      await expectProtected(t, url, SLOW_CLIENTS, attack)
    },
  )

  t.test(
    `nginx disconnects ${title}, and still forwards requests of other clients`,
    { skip: skip || skipUnless('nginx') },
    async (t) => {
      const { url } = await startWithLarge(t, { TRUST_PROXY: '127.0.0.1', ...ACCOUNT })
      const { host } = new URL(url)
      const front = await startNginx(t, [host, host, host])
      await expectProtected(t, front, SLOW_CLIENTS_OF_NGINX, attack)
    },
  )
}

t.test('a request with many ranges gets the whole representation', { skip }, async (t) => {
  const { url, lines } = await startWithLarge(t)
  const normal = await startNormalClients(url)
  const before = normal.take()
  await attack(`${url}${LARGE}`, SLOW_CLIENTS, '-R', '-t', 'GET').exit
  const during = normal.take()
  await normal.stop()
  const answers = lines.filter((line) => line.includes('/files/:fileId'))
  // slowhttptest also sends requests to check the service
  t.ok(answers.length >= SLOW_CLIENTS, `the service sent ${answers.length} responses`)
  t.same(
    answers.filter((line) => JSON.parse(line).status !== 200),
    [],
  )
  expectServed(t, before, during)
})
