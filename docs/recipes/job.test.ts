import { setTimeout as pause } from 'node:timers/promises'
import { build, createLog } from '../app.ts'
import { databaseUrl, testOnEachEngine, testOnPostgres } from '../engines.ts'

testOnPostgres('a job runs once per interval, in one of two replicas', async (t) => {
  const DATABASE_URL = await databaseUrl(t)
  const replicas = [await build(t, { DATABASE_URL }), await build(t, { DATABASE_URL })]
  let runs = 0
  for (const app of replicas) app.addJob('count', 10_000, async () => void runs++)
  while (runs === 0) await pause(10)
  await pause(2_500) // both replicas check the job every second
  t.equal(runs, 1)
})

testOnEachEngine('a job runs again after the interval', async (t) => {
  const app = await build(t)
  let runs = 0
  app.addJob('count', 50, async () => void runs++)
  while (runs < 3) await pause(10)
  t.pass('it ran three times')
})

testOnEachEngine('a failed run is logged, undone and repeated', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  let runs = 0
  app.addJob('fails', 20, async ({ reader }) => {
    await reader.insertInto('jobs').values({ name: 'trace', ran_at: 'now' }).execute()
    if (++runs === 1) throw new Error('no')
  })
  while (runs < 2) await pause(5)
  t.match(
    log.lines.filter(({ msg }) => msg === 'job failed'),
    [{ job: 'fails', err: { message: 'no' } }],
  )
})
