import { setTimeout as pause } from 'node:timers/promises'
import { build, createLog } from '../app.ts'
import { databaseUrl, testOnEachEngine } from '../engines.ts'

testOnEachEngine('a job runs once per interval, in one of two replicas', async (t) => {
  const DATABASE_URL = await databaseUrl(t)
  const replicas = [await build(t, { DATABASE_URL }), await build(t, { DATABASE_URL })]
  const runs: number[] = []
  for (const [index, app] of replicas.entries()) {
    app.addJob('count', 60_000, async () => void runs.push(index))
    app.addJob('often', 100, async () => void runs.push(index + 10))
  }
  while (runs.filter((run) => run >= 10).length < 4) await pause(10)
  t.equal(runs.filter((run) => run < 10).length, 0, 'the first check is after a tenth of the interval')
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
