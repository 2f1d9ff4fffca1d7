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

const NEVER: Rotation = { rotateSizeBytes: 0, rotateInterval: 'never', keptFiles: 0 }

async function writeLines(target: ReturnType<typeof rotatingFile>, ...lines: string[]) {
  for (const line of lines) {
    const bytes = Buffer.from(`${line}\n`)
    await target.prepare(bytes.length)
    await target.write(bytes)
    await sleep(2) // rotated files need different milliseconds in their names
  }
}

/** Creates a log file. `rotated` lists the rotated files. `read` returns their texts, and the text of the log. */
function createFile(t: Test, rotation: Partial<Rotation> = {}, text?: string) {
  const folder = t.testdir()
  const path = join(folder, 'app.log')
  if (text !== undefined) writeFileSync(path, text)
  const target = rotatingFile(path, { ...NEVER, ...rotation })
  t.teardown(() => target.close())
  const rotated = () =>
    readdirSync(folder)
      .filter((name) => name !== 'app.log')
      .sort()
  const read = () =>
    [...rotated(), 'app.log'].map((name) => readFileSync(join(folder, name), 'utf8'))
  return { folder, path, target, rotated, read }
}

t.test('lines are appended', async (t) => {
  const { target, read } = createFile(t, {}, 'a\n')
  await writeLines(target, 'b', 'c')
  await target.close()
  await target.write(Buffer.from('d\n'))
  t.same(read(), ['a\nb\nc\nd\n'], 'a line after close() is also appended')
})

t.test('a line break is added to an incomplete last line', async (t) => {
  const { target, read } = createFile(t, {}, 'a\n{"b":')
  await writeLines(target, 'c')
  t.same(read(), ['a\n{"b":\nc\n'])
})

t.test(
  'a file that would exceed the size is rotated, and the rotated file has the time as its suffix',
  async (t) => {
    const { target, read, rotated } = createFile(t, { rotateSizeBytes: 4 })
    await writeLines(target, 'a', 'b', 'c', 'long', 'd')
    t.same(read(), ['a\nb\n', 'c\n', 'long\n', 'd\n'])
    for (const name of rotated())
      t.match(name, /^app\.log\.\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  },
)

t.test(
  'only `keptFiles` rotated files are kept, and files with other names are never deleted',
  async (t) => {
    const { folder, target, read, rotated } = createFile(t, { rotateSizeBytes: 2, keptFiles: 2 })
    const others = ['app.log.1', 'app.log.gz', 'app.log.2026-11-22T19:13:41.000Z.gz', 'b.log']
    for (const name of others) writeFileSync(join(folder, name), '')
    await writeLines(target, 'a', 'b', 'c', 'd', 'e')
    t.same(read().filter(Boolean), ['c\n', 'd\n', 'e\n'])
    t.same(
      rotated().filter((name) => others.includes(name)),
      others.sort(),
    )
  },
)

for (const [interval, age] of [
  ['hourly', 3_600_000],
  ['daily', 86_400_000],
] as const) {
  t.test(
    `${interval} rotation rotates a file that was last written in an earlier period`,
    async (t) => {
      const { path, target, read } = createFile(t, { rotateInterval: interval }, 'a\n')
      utimesSync(path, new Date(), new Date(Date.now() - age))
      await writeLines(target, 'b', 'c')
      t.same(read(), ['a\n', 'b\nc\n'])
    },
  )
}

t.test('if another process renames the file, a new file is opened', async (t) => {
  const { path, target, read } = createFile(t)
  await writeLines(target, 'a')
  renameSync(path, `${path}.1`)
  await writeLines(target, 'b')
  await sleep(1_100)
  await writeLines(target, 'c')
  t.same(read(), ['a\nb\n', 'c\n'])
})

t.test('a file that another process has just rotated is not rotated again', async (t) => {
  const { path, target, read } = createFile(t, { rotateSizeBytes: 4 })
  await writeLines(target, 'a', 'b')
  renameSync(path, `${path}.1`)
  appendFileSync(path, 'c\n')
  await writeLines(target, 'd')
  t.same(read(), ['a\nb\n', 'c\nd\n'])
})

t.test(
  'if rotation fails, lines are written to the old file and the failure is reported once',
  async (t) => {
    const errors = t.capture(console, 'error')
    const path = join(t.testdir(), 'a'.repeat(250))
    const target = rotatingFile(path, { ...NEVER, rotateSizeBytes: 2 })
    t.teardown(() => target.close())
    await writeLines(target, 'a', 'b', 'c')
    t.equal(readFileSync(path, 'utf8'), 'a\nb\nc\n')
    const reports = errors.args()
    t.match(reports, [[/^the log cannot be rotated: ENAMETOOLONG/]])
    t.equal(reports.length, 1)
  },
)

t.test('a device is not rotated', async (t) => {
  const target = rotatingFile('/dev/null', { ...NEVER, rotateSizeBytes: 1 })
  t.teardown(() => target.close())
  await writeLines(target, 'a', 'b')
  t.same(
    readdirSync('/dev').filter((name) => name.startsWith('null.')),
    [],
  )
})

t.test('a folder that cannot be created causes an error', async (t) => {
  const target = rotatingFile(join(t.testdir({ file: '' }), 'file', 'app.log'), NEVER)
  await t.rejects(target.prepare(1), { code: 'ENOTDIR' })
})

t.test('writeSync() appends a line, even if the file is not open', async (t) => {
  const { target, read } = createFile(t)
  target.writeSync(Buffer.from('a\n'))
  await writeLines(target, 'b')
  target.writeSync(Buffer.from('c\n'))
  t.same(read(), ['a\nb\nc\n'])
})

t.test('standard output can be written after close', async (t) => {
  await STANDARD_OUTPUT.close()
  const nothing = Buffer.alloc(0)
  await STANDARD_OUTPUT.prepare(0)
  t.equal(STANDARD_OUTPUT.writeSync(nothing), 0)
  t.equal(await STANDARD_OUTPUT.write(nothing), 0)
})
