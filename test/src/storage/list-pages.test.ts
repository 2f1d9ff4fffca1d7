import fc from 'fast-check'
import { decodeCursor, encodeCursor } from '../../../src/http/cursor.ts'
import {
  compareValues,
  keysOf,
  keysWithId,
  type PageRequest,
  type Position,
} from '../../../src/storage/list.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import { type Entry, entryList, type NewEntry } from '../../fixtures/resources/entries/schema.ts'
import { createEntryStore } from '../../fixtures/resources/entries/store.ts'
import '../../fixtures/register.ts'

type Store = ReturnType<typeof createEntryStore>
type Item = Omit<Entry, 'status'> & { status: string }

const TIMES = ['2012-04-25T16:40:27.000Z', '2013-01-01T00:00:00.000Z']

/** Entries with few different values, so that many keys are equal. The titles differ in their order by UTF-16. */
const entry: fc.Arbitrary<NewEntry> = fc.record({
  title: fc.constantFrom('a', 'B', '\ufb00', '😀'),
  author: fc.constantFrom('Zoë', 'zoë'),
  status: fc.constantFrom('draft', 'open', 'done'),
  priority: fc.constantFrom(null, 0, 1),
  dueAt: fc.constantFrom(null, ...TIMES),
  isPinned: fc.boolean(),
  weight: fc.constantFrom(0.1, 0.3, -1e21),
  createdAt: fc.constantFrom(...TIMES),
})

/** Filters of a combination, and a range of the first sort key. */
const request: fc.Arbitrary<PageRequest> = fc
  .constantFrom(
    ...entryList.combinations.flatMap((each) => each.sorts.map((sort) => ({ ...each, sort }))),
  )
  .chain(({ filters, sort }) => {
    const values = { author: ['Zoë'], isPinned: [true] }
    const equal = fc.record(
      Object.fromEntries(
        filters.map((name) => [
          name,
          name === 'status'
            ? fc.uniqueArray(
                entry.map(({ status }) => status),
                { minLength: 1, maxLength: 3 },
              )
            : name === 'dueAt'
              ? fc.constantFrom([null], [TIMES[0] ?? ''], TIMES)
              : fc.constant(values[name as keyof typeof values]),
        ]),
      ),
    )
    const [first] = keysOf(entryList, sort)
    const bound = { priority: [0, 1], createdAt: TIMES, dueAt: TIMES }[first?.field ?? ''] ?? []
    const isRange = first && bound.length > 0 && !filters.includes(first.field)
    const range = isRange
      ? fc.constantFrom(
          undefined,
          ...RANGES(bound).map((bounds) => ({ field: first.field, bounds })),
        )
      : fc.constant(undefined)
    return fc.record({
      sort: fc.constant(sort),
      limit: fc.integer({ min: 1, max: 5 }),
      filters: fc.record({ equal, range }),
    })
  })

const RANGES = ([low, high]: readonly (string | number)[]) => [
  {},
  { gte: String(low) === '0' ? 0 : low },
  { gt: low },
  { lt: high },
  { gte: low, lte: high },
]

/** Changes between two pages: entries to add, and the index of an entry to delete. */
const changes = fc.array(
  fc.record({ added: fc.array(entry, { maxLength: 2 }), deleted: fc.option(fc.nat(19)) }),
  { maxLength: 30 },
)

function matches(item: Item, { filters }: PageRequest): boolean {
  const { equal = {}, range } = filters ?? {}
  const memberOf = (field: string) => Reflect.get(item, field)
  const isEqual = Object.entries(equal).every(([field, values]) => values.includes(memberOf(field)))
  if (!range || !isEqual) return isEqual
  const value = memberOf(range.field)
  const { gt, gte, lt, lte } = range.bounds
  return (
    value !== null &&
    (gt === undefined || compareValues(value, gt) > 0) &&
    (gte === undefined || compareValues(value, gte) >= 0) &&
    (lt === undefined || compareValues(value, lt) < 0) &&
    (lte === undefined || compareValues(value, lte) <= 0)
  )
}

/** Compares entries in the order of a list. Null comes after all other values, in ascending order. */
function compare(sort: string, a: Item, b: Item): number {
  for (const { field, isDescending } of keysWithId(entryList, sort)) {
    const [x, y] = [a, b].map((each) => Reflect.get(each, field))
    const nulls = Number(x === null) - Number(y === null)
    const order = nulls || (x === null ? 0 : compareValues(x, y))
    if (order !== 0) return isDescending ? -order : order
  }
  return 0
}

/** Sends a position through a cursor. */
function throughCursor(sort: string, position: Position): Position {
  const decoded = decodeCursor('list', encodeCursor('list', position), keysOf(entryList, sort))
  if (!decoded) throw new Error(`the cursor of ${JSON.stringify(position)} is not valid`)
  return decoded
}

/** Reads all pages from a request on, and calls `change` between them. */
async function readAll(
  store: Store,
  request: PageRequest,
  isBackwards: boolean,
  change: () => Promise<void>,
): Promise<Item[][]> {
  const pages: Item[][] = []
  for (let from = request.from; ; ) {
    const page = await store.list({ ...request, from })
    pages.push(page.items)
    const position = isBackwards ? page.previous : page.next
    if (!position) return pages
    from = { position: throughCursor(request.sort, position), isBackwards }
    await change()
  }
}

for (const isBackwards of [false, true]) {
  const direction = isBackwards ? 'backwards' : 'forwards'
  testOnEachEngine(
    `pages read ${direction} have each entry that exists throughout exactly once, while others are added and deleted`,
    async (t) => {
      const database = await openMigrated(t)
      const store = createEntryStore(database)
      const scenario = fc.asyncProperty(
        fc.array(entry, { minLength: 20, maxLength: 20 }),
        request,
        changes,
        async (entries, request, changes) => {
          await database.write((writer) => writer.deleteFrom('fixture_entries').execute())
          const created: Awaited<ReturnType<Store['create']>>[] = []
          for (const each of entries) created.push(await store.create(each))
          const deleted = new Set<number>()
          const pending = changes.values()
          const change = async () => {
            const { value } = pending.next()
            for (const each of value?.added ?? []) await store.create(each)
            const victim = created[value?.deleted ?? -1]
            if (victim && (await store.delete(victim.entry.id, victim.version))) {
              deleted.add(victim.entry.id)
            }
          }
          const end = isBackwards ? await lastPosition(store, request) : undefined
          const from = end && { position: end, isBackwards }
          const pages = await readAll(
            store,
            { ...request, ...(from && { from }) },
            isBackwards,
            change,
          )
          const read = (isBackwards ? pages.toReversed() : pages).flat()
          const expected = created
            .map(({ entry }) => entry)
            .filter((entry) => !deleted.has(entry.id) && matches(entry, request))
          if (end)
            expected.splice(
              expected.findIndex(({ id }) => id === end.at(-1)),
              1,
            )
          const ids = read.map(({ id }) => id)
          const original = new Set(expected.map(({ id }) => id))
          check(new Set(ids).size === ids.length, 'no entry is read twice')
          check(
            read.every((item) => matches(item, request)),
            'all entries match the filters',
          )
          const kept = read.filter(({ id }) => original.has(id))
          const inOrder = expected.toSorted((a, b) => compare(request.sort, a, b))
          check(
            JSON.stringify(kept.map(({ id }) => id)) ===
              JSON.stringify(inOrder.map(({ id }) => id)),
            'the entries that exist throughout are read once, in order',
          )
          check(
            read.every(
              (item, index) =>
                index === 0 || compare(request.sort, read[index - 1] ?? item, item) < 0,
            ),
            'all entries are in order',
          )
        },
      )
      await fc.assert(scenario, { numRuns: t.context.isOnPostgres ? 25 : 75 })
      t.pass()
    },
  )
}

/** Returns the position of the last entry, which is not on the pages before it; undefined for an empty list. */
async function lastPosition(store: Store, request: PageRequest): Promise<Position | undefined> {
  const reverse = request.sort
    .split(',')
    .map((key) => (key.startsWith('-') ? key.slice(1) : `-${key}`))
    .join(',')
  const page = await store.list({ ...request, sort: reverse, limit: 1 })
  const [last] = page.items
  if (!last) return undefined
  return [...keysOf(entryList, request.sort).map(({ field }) => Reflect.get(last, field)), last.id]
}

function check(condition: boolean, message: string) {
  if (!condition) throw new Error(message)
}
