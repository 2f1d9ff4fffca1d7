import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import { createLineWriter, type Target } from '../../../plugins/logging/line-writer.ts'

/** Returns a target that writes at most `piece` bytes per call, and fails while `code` is set. */
function createTarget(piece = Number.POSITIVE_INFINITY) {
  const target = {
    text: '',
    code: undefined as string | undefined, // code of the error that writing throws
    prepared: 0,
    closed: 0,
    attempts: 0,
  }
  const take = (bytes: Uint8Array) => {
    target.attempts++
    if (target.code) {
      throw Object.assign(new Error(`${target.code}: no`), { code: target.code, syscall: 'write' })
    }
    const taken = bytes.subarray(0, piece)
    target.text += Buffer.from(taken).toString()
    return taken.length
  }
  const methods: Target = {
    prepare: async () => void target.prepared++,
    write: async (bytes) => take(bytes),
    writeSync: take,
    close: async () => void target.closed++,
  }
  return { target, methods }
}

/** Keeps the process alive, because the retries of a failing target do not. */
const alive = setInterval(() => {}, 60_000)
t.teardown(() => clearInterval(alive))

function flushed({ flush }: ReturnType<typeof createLineWriter>) {
  return new Promise<void>((resolve) => flush(resolve))
}

function captureErrors(t: Test) {
  const { args } = t.capture(console, 'error')
  return () => args().map(([message]) => String(message))
}

t.test('lines are written in one call, in order', async (t) => {
  const { target, methods } = createTarget()
  const writer = createLineWriter(methods)
  for (const line of ['a\n', 'b\n', 'é\n']) writer.write(line)
  await flushed(writer)
  t.equal(target.text, 'a\nb\né\n')
  t.equal(target.attempts, 1)
  t.equal(target.closed, 1)
  writer.write('c\n')
  await flushed(writer)
  t.equal(target.text, 'a\nb\né\nc\n', 'lines after a flush are written')
})

t.test('lines that exceed the initial capacity are written', async (t) => {
  const { target, methods } = createTarget()
  const writer = createLineWriter(methods)
  const lines = ['a\n', `${'é'.repeat(2 ** 17)}\n`, 'b\n', `${'c'.repeat(2 ** 20)}\n`]
  for (const line of lines) writer.write(line)
  await flushed(writer)
  t.ok(target.text === lines.join(''))
  writer.write('d\n')
  await flushed(writer)
  t.ok(target.text.endsWith('c\nd\n'), 'later lines are written')
})

t.test('control characters are written as JSON escapes', async (t) => {
  const { target, methods } = createTarget()
  const writer = createLineWriter(methods)
  const controls = '\x7f\x80\x85\x9b\x9f\u2028\u2029'
  const lines = ['a', controls, 'é', '\xa0', `é${controls}`, '\x7f', controls.repeat(2 ** 15), 'b']
  for (const line of lines) writer.write(`${JSON.stringify(line)}\n`)
  await flushed(writer)
  const written = target.text.trimEnd().split('\n')
  t.ok(
    isDeepStrictEqual(
      written.map((line) => JSON.parse(line)),
      lines,
    ),
    'no text is changed',
  )
  t.notOk(/[\x7f-\x9f\u2028\u2029]/.test(target.text))
  t.match(written.slice(0, 5), [
    '"a"',
    '"\\u007f\\u0080\\u0085\\u009b\\u009f\\u2028\\u2029"',
    '"é"',
    '"\xa0"',
    '"é\\u007f',
  ])
})

t.test('a partial write is completed', async (t) => {
  const { target, methods } = createTarget(2)
  const writer = createLineWriter(methods)
  writer.write('{"é":1}\n')
  await flushed(writer)
  t.equal(target.text, '{"é":1}\n')
  t.equal(target.prepared, 1, 'the target is prepared once per batch, not per write')
})

t.test('a failed write is retried until it succeeds, and reported once', async (t) => {
  const errors = captureErrors(t)
  const { target, methods } = createTarget()
  const writer = createLineWriter(methods)
  target.code = 'ENOSPC'
  writer.write('a\n')
  while (target.attempts < 3) await sleep(10)
  writer.write('b\n')
  target.code = undefined
  while (!target.text.includes('b')) await sleep(10)
  t.equal(target.text, 'a\nb\n')
  t.same(errors(), ['the log cannot be written: ENOSPC: no'])
})

t.test('a full pipe (EAGAIN) is not reported', async (t) => {
  const errors = captureErrors(t)
  const { target, methods } = createTarget()
  const writer = createLineWriter(methods)
  target.code = 'EAGAIN'
  writer.write('a\n')
  while (target.attempts < 2) await sleep(10)
  target.code = undefined
  await flushed(writer)
  t.equal(target.text, 'a\n')
  t.same(errors(), [])
})

t.test('lines beyond the limit are lost, and their number is logged', async (t) => {
  captureErrors(t)
  const { target, methods } = createTarget()
  const writer = createLineWriter(methods, 4)
  target.code = 'ENOSPC'
  writer.write('a\n')
  while (target.attempts < 2) await sleep(10)
  for (const line of ['b\n', 'c\n', 'd\n', 'e\n']) writer.write(line)
  target.code = undefined
  while (!target.text.includes('lost')) await sleep(10)
  const [a, b, c, lost = '', rest] = target.text.split('\n')
  t.same(
    [a, b, c, rest],
    ['a', 'b', 'c', ''],
    'the waiting lines are written before the line about the loss',
  )
  t.match(JSON.parse(lost), { level: 'warn', lines: 2, msg: 'lines are lost', time: /Z$/ })
})

t.test('flush() waits for at most one second if the target fails', async (t) => {
  captureErrors(t)
  const { target, methods } = createTarget()
  const writer = createLineWriter(methods)
  target.code = 'ENOSPC'
  writer.write('a\n')
  const begin = Date.now()
  await flushed(writer)
  t.ok(Date.now() - begin < 5_000)
  t.equal(target.text, '')
  target.code = undefined
  while (target.text === '') await sleep(10)
})

t.test('a failed close is reported', async (t) => {
  const errors = captureErrors(t)
  const { methods } = createTarget()
  const close = async () => {
    throw new Error('EIO: no')
  }
  await flushed(createLineWriter({ ...methods, close }))
  t.same(errors(), ['the log cannot be written: EIO: no'])
})

t.test('lines that wait when the process exits are written synchronously', async (t) => {
  const errors = captureErrors(t)
  const { target, methods } = createTarget()
  const writer = createLineWriter(methods)
  const before = process.listeners('exit')
  writer.write('first\n')
  const [writeRest] = process.listeners('exit').filter((listener) => !before.includes(listener))
  target.code = 'ENOSPC'
  writeRest?.call(process, 0)
  t.same(errors(), ['the log cannot be written: ENOSPC: no'], 'a failure is reported')
  target.code = undefined
  writer.write('second\n')
  writeRest?.call(process, 0)
  t.equal(target.text, 'second\n')
  await flushed(writer)
  t.equal(target.text, 'second\n', 'the line is written only once')
  t.same(process.listeners('exit'), before)
})
