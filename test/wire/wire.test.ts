import type { AddressInfo } from 'node:net'
import t from 'tap'
import { build } from '../app.ts'
import { converseOn, differences, faults, type WireCase } from './case.ts'
import { TABLES } from './tables.ts'

/** Conversations at a time: most of one is waiting for what should not come. */
const ABREAST = 16

t.test('the service answers on the wire as the RFCs have it', async (t) => {
  const app = await build(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo // it listens on TCP

  const cases = TABLES.flatMap(({ cases }) => cases)
  await Promise.all(Array.from({ length: ABREAST }, () => work(cases)))

  async function work(left: WireCase[]) {
    for (let next = left.pop(); next; next = left.pop()) {
      const conversation = await converseOn(port, next)
      const problems = [...differences(next, conversation), ...conversation.replies.flatMap(faults)]
      t.same(problems, [], `${next.section}: ${next.sent}`)
    }
  }
})
