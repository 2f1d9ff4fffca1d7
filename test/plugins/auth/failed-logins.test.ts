import t from 'tap'
import type { Authenticate } from '../../../plugins/auth/authenticate.ts'
import type { Credentials } from '../../../plugins/auth/credentials.ts'
import { limitFailedLogins } from '../../../plugins/auth/failed-logins.ts'

const basic = (name: string, password: string): Credentials => ({ scheme: 'Basic', name, password })
const bearer = (token: string): Credentials => ({ scheme: 'Bearer', token })

/** A check that lets in whose password is `right`, and what it was asked. */
function createCheck() {
  const asked: Credentials[] = []
  const authenticate: Authenticate = async (credentials) => {
    asked.push(credentials)
    await new Promise((resolve) => setImmediate(resolve))
    const isRight = credentials.scheme === 'Basic' && credentials.password === 'right'
    return isRight ? { name: credentials.name, scopes: [] } : undefined
  }
  return { asked, authenticate }
}

const REFUSED = { code: 'TOO_MANY_REQUESTS', message: 'too many failed logins' }

t.test('so many wrong passwords for a name are looked at, then none', async (t) => {
  const { asked, authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, 3)
  for (const password of ['a', 'b', 'c']) {
    t.equal(await attempt('one', basic('luis', password)), undefined)
  }
  await t.rejects(attempt('one', basic('luis', 'd')), REFUSED)
  await t.rejects(attempt('one', basic('luis', 'right')), REFUSED, 'the right one neither')
  t.equal(asked.length, 3)
  t.match(await attempt('one', basic('zoe', 'right')), { name: 'zoe' }, 'another name is let in')
  t.match(
    await attempt('other', basic('luis', 'right')),
    { name: 'luis' },
    'so is the name elsewhere',
  )
})

t.test('guesses at the same time are counted before any is answered', async (t) => {
  const { asked, authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, 3)
  const guesses = Array.from({ length: 50 }, (_, index) =>
    attempt('one', basic('luis', `${index}`)),
  )
  const outcomes = await Promise.allSettled(guesses)
  t.equal(asked.length, 3)
  t.equal(outcomes.filter(({ status }) => status === 'rejected').length, 47)
})

t.test('a password that is right counts for nothing, however often and at once', async (t) => {
  const { asked, authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, 3)
  const many = () =>
    Promise.all(
      Array(20)
        .fill(0)
        .map(() => attempt('one', basic('luis', 'right'))),
    )
  t.equal((await many()).length, 20)
  t.equal(asked.length, 1, 'those at a time are one attempt')
  for (let count = 0; count < 20; count++) await attempt('one', basic('luis', 'right'))
  t.equal(await attempt('one', basic('luis', 'a')), undefined)
})

t.test('guesses at many names end too', async (t) => {
  const { asked, authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, 3)
  for (let count = 0; count < 30; count++) await attempt('one', basic(`name ${count}`, 'a'))
  await t.rejects(attempt('one', basic('zoe', 'right')), REFUSED)
  t.equal(asked.length, 30)
  t.match(await attempt('other', basic('zoe', 'right')), { name: 'zoe' })
})

t.test('whoever repeats one mistake keeps nobody else out', async (t) => {
  const { authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, 3)
  for (let count = 0; count < 100; count++) {
    await attempt('one', basic('robot', 'old')).catch(() => {})
    await attempt('one', bearer('old')).catch(() => {})
  }
  t.match(await attempt('one', basic('zoe', 'right')), { name: 'zoe' })
  t.equal(await attempt('one', bearer('new')), undefined, 'with another token neither')
})

t.test('a check that fails is no guess', async (t) => {
  const attempt = limitFailedLogins(async () => {
    throw new Error('the directory is down')
  }, 1)
  for (let count = 0; count < 20; count++) {
    await t.rejects(attempt('one', basic('luis', 'right')), { message: 'the directory is down' })
  }
})

t.test('without a limit every guess is looked at', async (t) => {
  const { asked, authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, 0)
  for (let count = 0; count < 200; count++) await attempt('one', basic('luis', 'a'))
  t.equal(asked.length, 200)
})

t.test(
  'what is known to be right is let in at once, unless others were wrong too often',
  async (t) => {
    const { asked, authenticate } = createCheck()
    const long = 'l'.repeat(100)
    const recall = (field: string) =>
      ['luis', long].includes(field) ? { name: field, scopes: [] } : undefined
    const attempt = limitFailedLogins(Object.assign(authenticate, { recall }), 2)
    for (const known of ['luis', long]) t.match(attempt.recall('one', known), { name: known })
    t.equal(attempt.recall('one', 'zoe'), undefined)
    t.equal(asked.length, 0)
    for (const password of ['a', 'b']) await attempt('one', basic('luis', password))
    t.equal(attempt.recall('one', 'luis'), undefined, 'or it could be guessed')
    await t.rejects(attempt('one', basic('luis', 'right')), REFUSED, 'nor let in the slow way')
    t.match(attempt.recall('one', long), { name: long })
    t.match(attempt.recall('other', 'luis'), { name: 'luis' })
    for (let count = 0; count < 18; count++) await attempt('one', basic(`name ${count}`, 'a'))
    t.equal(attempt.recall('one', long), undefined, 'nor that of any other')
  },
)
