import t from 'tap'
import { FIXTURES } from '../fixtures/register.ts'
import { startPgBouncer } from '../pgbouncer-server.ts'
import { startPostgres } from '../postgres-server.ts'
import { skipUnless } from '../requirement.ts'
import { FAST_START, startServer } from '../server.ts'
import { type Answer, startLoad } from './load.ts'
import { compareRows, verify } from './verification.ts'

/** Number of responses to wait for, so that each client gets some. */
const MIN_RESPONSES = 100

t.setTimeout(180_000)

const isSuccess = ({ status }: Answer) => status < 300

t.test(
  'behind PgBouncer, no write is lost or doubled if sessions end, PostgreSQL restarts, or PgBouncer is killed',
  { skip: skipUnless('pgbouncer', 'postgresql') },
  async (t) => {
    const postgres = await startPostgres(t)
    const pooler = await startPgBouncer(t, postgres.url)
    const environment = { DATABASE_URL: pooler.url, ...FAST_START }
    const { url, stop } = await startServer(t, environment, undefined, FIXTURES)
    const load = startLoad(url)

    /** Waits until each client has got more responses, of which the last ones are successes. */
    async function recover() {
      const { length } = load.answers
      await load.until(() => {
        const answers = load.answers.slice(length)
        return answers.length >= MIN_RESPONSES && answers.slice(-MIN_RESPONSES).every(isSuccess)
      })
    }
    /** Waits until the failure has had an effect on each client. */
    async function fail(act: () => Promise<void>) {
      const { length } = load.answers
      await act()
      await load.until(() => load.answers.slice(length).filter(isFailure).length >= MIN_RESPONSES)
    }
    const isFailure = (answer: Answer) => !isSuccess(answer)

    await recover()
    let ended = 0
    for (let round = 0; round < 10; round++) {
      ended += await postgres.endSessions()
      await recover()
    }
    await fail(postgres.crash)
    await postgres.start()
    await recover()
    await fail(pooler.crash)
    await pooler.start()
    await recover()

    await load.stop()
    t.same([...new Set(load.answers.filter(isFailure).map(({ status }) => status))], [503])
    await verify(t, url, load.entries)
    t.equal(await stop(), 0)
    await compareRows(t, postgres.url, load.entries)
    const failures = load.answers.filter(isFailure).length
    t.comment(`${ended} sessions ended, ${load.answers.length} responses, ${failures} of them 503`)
  },
)
