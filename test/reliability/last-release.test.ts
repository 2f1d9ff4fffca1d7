import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { digestOf } from '../../src/storage/migration-files.ts'
import { checkOut } from '../check-out.ts'
import { lastingUrl, testOnEachEngine } from '../engines.ts'
import { LAST_RELEASE, skipWithout } from '../release.ts'
import { FAST_START, type Server, startProcess } from '../server.ts'
import { NOTES } from './ledger.ts'
import { type Release, startRelease, THIS } from './next-release.ts'
import { rollBack } from './roll-back.ts'

t.setTimeout(600_000)

/** Commit to take for the last release, instead of the one in CHANGELOG.md. */
const { RELIABILITY_RELEASE } = process.env

const revision = RELIABILITY_RELEASE || LAST_RELEASE?.revision
const skip = RELIABILITY_RELEASE ? false : skipWithout(LAST_RELEASE)

/** Checks the last release out, with its own packages if they are others. */
function checkOutRelease(): Release {
  const parent = mkdtempSync(join(tmpdir(), 'last-release-'))
  const folder = join(parent, 'tree')
  const remove = checkOut(THIS.folder, String(revision), folder)
  t.teardown(() => {
    remove()
    rmSync(parent, { recursive: true })
  })
  const locks = [THIS.folder, folder].map((each) => readFileSync(join(each, 'package-lock.json')))
  if (locks[0]?.equals(Buffer.from(locks[1] ?? ''))) {
    symlinkSync(join(THIS.folder, 'node_modules'), join(folder, 'node_modules'))
  } else {
    const options = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund']
    execFileSync('npm', ['ci', ...options, '--prefer-offline'], { cwd: folder, stdio: 'ignore' })
  }
  return { folder }
}

/** Starts a release with its own resources. */
const startOwn: typeof startRelease = (t, { folder }, environment) =>
  startProcess(t, [join(folder, 'src/start.js')], environment, folder)

/** Resources that the clients can write, each with a migration by which both releases create its table. */
const CANDIDATES = [
  {
    migration: 'test/fixtures/resources/notes/migrations/20261122T1200-notes.ts',
    resource: NOTES,
    start: startRelease,
  },
  {
    migration: 'routes/articles/migrations/20261122T1200-articles.ts',
    resource: { path: '/articles', table: 'articles' },
    start: startOwn,
  },
]

/** Returns the first resource that both releases have with the same table. */
function findShared({ folder }: Release) {
  return CANDIDATES.find(({ migration }) => {
    const files = [THIS.folder, folder].map((each) => join(each, migration))
    return files.every(existsSync) && new Set(files.map(digestOf)).size === 1
  })
}

/** Starts both releases with their own resources, starts the older one again, and ends the later one. */
async function startBeside(t: Test, older: Release) {
  const environment = { ...FAST_START, DATABASE_URL: await lastingUrl(t) }
  const start = (release: Release) => startOwn(t, release, environment)
  const expectReady = async ({ url }: Server, title: string) =>
    t.equal((await fetch(`${url}/health/ready`)).status, 200, title)

  const first = await start(older)
  await expectReady(first, 'the last release is ready')
  const next = await start(THIS)
  await expectReady(next, 'this version is ready beside it')
  await expectReady(first, 'the last release is still ready')
  t.equal(await first.stop(), 0)
  const second = await start(older)
  await expectReady(second, 'the last release starts again')
  t.equal(await next.stop(), 0)
  await expectReady(second, 'the last release is ready after the rollback')
  t.equal(await second.stop(), 0)
}

const TITLE = 'the last release runs beside this version, starts again, and is rolled back to'

if (skip) {
  t.test(TITLE, { skip }, () => {})
} else {
  const last = checkOutRelease()
  testOnEachEngine(TITLE, async (t) => {
    await startBeside(t, last)
    const shared = findShared(last)
    if (shared) await rollBack(t, last, THIS, shared)
    else t.pass('the ledger', { skip: 'no shared resource: add one to CANDIDATES' })
  })
}
