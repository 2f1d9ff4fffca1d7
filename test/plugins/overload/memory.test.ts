import { getHeapStatistics } from 'node:v8'
import t from 'tap'
import { memoryInUse, memoryLimit } from '../../../plugins/overload/memory.ts'

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
