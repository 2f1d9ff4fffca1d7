import { setTimeout as pause } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import t from 'tap'
import { createMemoryCheck, memoryInUse, memoryLimit } from '../../../plugins/overload/memory.ts'

t.test('garbage does not count as memory in use once the limit is exceeded', async (t) => {
  const isOverLimit = createMemoryCheck(memoryInUse() + 20_000_000)
  t.equal(isOverLimit(), false)
  const held = [Buffer.alloc(50_000_000, 1)]
  t.equal(isOverLimit(), true, `${held.length} buffer is in use`)
  held.pop()
  await pause(1)
  t.ok(isOverLimit(), 'the garbage is collected at most every 5 seconds')
  const later = performance.now() + 5_001
  t.capture(performance, 'now', () => later)
  while (isOverLimit()) await pause(10) // V8 frees buffers in another thread
})

t.test('memoryInUse() includes buffers', async (t) => {
  const size = 50_000_000
  const before = memoryInUse()
  const buffer = Buffer.alloc(size, 1)
  const grown = memoryInUse() - before
  t.ok(grown > size * 0.8, `a buffer of ${buffer.length} bytes adds ${grown} bytes`)
})

t.test(
  'memoryLimit() returns the configured limit, or nine tenths of the heap limit',
  async (t) => {
    t.equal(memoryLimit(1_000), 1_000)
    t.equal(memoryLimit(0), getHeapStatistics().heap_size_limit * 0.9)
  },
)
