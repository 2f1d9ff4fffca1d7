import t from 'tap'
import { FIXTURES } from '../../fixtures/register.ts'
import { startServer } from '../../server.ts'
import { isAlive, linesOf, pidsOf, startTwo, TWO, until } from '../../workers.ts'

t.test('a worker ignores SIGINT, which Ctrl-C sends to all processes', async (t) => {
  const server = await startTwo(t, {}, FIXTURES)
  const pids = pidsOf(server)
  for (const pid of pids) process.kill(pid, 'SIGINT')
  const reply = await fetch(`${server.url}/greeting`, { headers: { connection: 'close' } })
  t.equal(reply.status, 200)
  t.equal(await server.stop(), 0)
  t.same(pidsOf(server), pids, 'no worker was replaced')
})

t.test('shutdown while a worker is starting leaves no process behind', async (t) => {
  const server = await startServer(t, TWO)
  t.equal(await server.stop(), 0)
  t.same(pidsOf(server).filter(isAlive), [])
  t.equal(pidsOf(server).length, 1, 'the second worker never listened')
})

t.test('a second signal stops all workers at once', async (t) => {
  const server = await startTwo(t, { SHUTDOWN_DELAY: '60000' })
  void server.stop('SIGTERM')
  await until(() => linesOf(server).some(({ msg }) => msg === 'draining'))
  t.equal(await server.stop('SIGTERM'), 1)
  await until(() => !pidsOf(server).some(isAlive))
})

t.test('workers stop if their supervisor is killed', async (t) => {
  const server = await startTwo(t)
  t.equal(await server.stop('SIGKILL'), null)
  await until(() => !pidsOf(server).some(isAlive))
})
