import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Rotation, rotatingFile, STANDARD_OUTPUT } from '../../../plugins/logging/targets.ts'

const NEVER: Rotation = { sizeBytes: 0, interval: 'never', keptFiles: 0 }

async function writeLines(target: ReturnType<typeof rotatingFile>, ...lines: string[]) {
  for (const line of lines) {
    const octets = Buffer.from(`${line}\n`)
    await target.prepare(octets.length)
    await target.write(octets)
    await sleep(2) // a file is named by the millisecond
  }
}

/** A file of the log, and what is in its folder: those set aside first, then the one that is written. */
function createFile(t: Test, rotation: Partial<Rotation> = {}, text?: string) {
  const folder = t.testdir()
  const path = join(folder, 'app.log')
  if (text !== undefined) writeFileSync(path, text)
  const target = rotatingFile(path, { ...NEVER, ...rotation })
  t.teardown(() => target.close())
  const aside = () =>
    readdirSync(folder)
      .filter((name) => name !== 'app.log')
      .sort()
  const read = () => [...aside(), 'app.log'].map((name) => readFileSync(join(folder, name), 'utf8'))
  return { folder, path, target, aside, read }
}

t.test('lines are appended', async (t) => {
  const { target, read } = createFile(t, {}, 'a\n')
  await writeLines(target, 'b', 'c')
  await target.close()
  await target.write(Buffer.from('d\n'))
  t.same(read(), ['a\nb\nc\nd\n'], 'also where it was closed in between')
})

t.test('half a line that is there is ended', async (t) => {
  const { target, read } = createFile(t, {}, 'a\n{"b":')
  await writeLines(target, 'c')
  t.same(read(), ['a\n{"b":\nc\n'])
})

t.test('a file that would be too large is set aside, under the time', async (t) => {
  const { target, read, aside } = createFile(t, { sizeBytes: 4 })
  await writeLines(target, 'a', 'b', 'c', 'long', 'd')
  t.same(read(), ['a\nb\n', 'c\n', 'long\n', 'd\n'])
  for (const name of aside()) t.match(name, /^app\.log\.\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

t.test('so many that were set aside are kept, and what has another name is', async (t) => {
  const { folder, target, read, aside } = createFile(t, { sizeBytes: 2, keptFiles: 2 })
  const others = ['app.log.1', 'app.log.gz', 'app.log.2026-11-22T19:13:41.000Z.gz', 'b.log']
  for (const name of others) writeFileSync(join(folder, name), '')
  await writeLines(target, 'a', 'b', 'c', 'd', 'e')
  t.same(read().filter(Boolean), ['c\n', 'd\n', 'e\n'])
  t.same(
    aside().filter((name) => others.includes(name)),
    others.sort(),
  )
})

for (const [interval, age] of [
  ['hourly', 3_600_000],
  ['daily', 86_400_000],
] as const) {
  t.test(`${interval}, what was last written before is set aside`, async (t) => {
    const { path, target, read } = createFile(t, { interval }, 'a\n')
    utimesSync(path, new Date(), new Date(Date.now() - age))
    await writeLines(target, 'b', 'c')
    t.same(read(), ['a\n', 'b\nc\n'])
  })
}

t.test('where another process sets the file aside, a new one is begun', async (t) => {
  const { path, target, read } = createFile(t)
  await writeLines(target, 'a')
  renameSync(path, `${path}.1`)
  await writeLines(target, 'b')
  await sleep(1_100)
  await writeLines(target, 'c')
  t.same(read(), ['a\nb\n', 'c\n'])
})

t.test('what another process has just set aside is not set aside again', async (t) => {
  const { path, target, read } = createFile(t, { sizeBytes: 4 })
  await writeLines(target, 'a', 'b')
  renameSync(path, `${path}.1`)
  appendFileSync(path, 'c\n')
  await writeLines(target, 'd')
  t.same(read(), ['a\nb\n', 'c\nd\n'])
})

t.test('a file that cannot be set aside is written on', async (t) => {
  const errors = t.capture(console, 'error')
  const path = join(t.testdir(), 'a'.repeat(250))
  const target = rotatingFile(path, { ...NEVER, sizeBytes: 2 })
  t.teardown(() => target.close())
  await writeLines(target, 'a', 'b', 'c')
  t.equal(readFileSync(path, 'utf8'), 'a\nb\nc\n')
  const told = errors.args()
  t.match(told, [[/^the log cannot be rotated: ENAMETOOLONG/]])
  t.equal(told.length, 1)
})

t.test('a device is not set aside', async (t) => {
  const target = rotatingFile('/dev/null', { ...NEVER, sizeBytes: 1 })
  t.teardown(() => target.close())
  await writeLines(target, 'a', 'b')
  t.same(
    readdirSync('/dev').filter((name) => name.startsWith('null.')),
    [],
  )
})

t.test('a folder that goes is an error', async (t) => {
  const target = rotatingFile(join(t.testdir({ file: '' }), 'file', 'app.log'), NEVER)
  await t.rejects(target.prepare(1), { code: 'ENOTDIR' })
})

t.test('last words are written whether the file is open or not', async (t) => {
  const { target, read } = createFile(t)
  target.writeSync(Buffer.from('a\n'))
  await writeLines(target, 'b')
  target.writeSync(Buffer.from('c\n'))
  t.same(read(), ['a\nb\nc\n'])
})

t.test('standard output is written to after it was let go of', async (t) => {
  await STANDARD_OUTPUT.close()
  const nothing = Buffer.alloc(0)
  await STANDARD_OUTPUT.prepare(0)
  t.equal(STANDARD_OUTPUT.writeSync(nothing), 0)
  t.equal(await STANDARD_OUTPUT.write(nothing), 0)
})
