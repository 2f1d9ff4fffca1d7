import t from 'tap'
import { Type } from 'typebox'
import { compileValidator } from '../../../src/http/validation.ts'
import { defineList } from '../../../src/schemas/list.ts'

const ITEM = Type.Object({
  id: Type.Integer(),
  title: Type.String(),
  tags: Type.Array(Type.String()),
  state: Type.Enum(['open', 'done']),
  size: Type.Union([Type.Integer(), Type.Null()]),
  due: Type.Optional(Type.String({ format: 'date-time' })),
  code: Type.String({ pattern: '^a' }),
})

t.test('defineList() without options returns a list that is sorted by id', async (t) => {
  const { orders, combinations, query, parameters } = defineList(ITEM)
  t.same(orders, { id: [], '-id': [] })
  t.same(combinations, [{ filters: [], sorts: ['id', '-id'] }])
  t.same(Object.keys(query.properties), ['limit', 'sort', 'after', 'before'])
  t.same(parameters, {})
})

t.test(
  'defineList() allows each filter alone, in all orders, unless combinations are declared',
  async (t) => {
    const filters = { title: 'eq', state: ['in'] } as const
    const sorts = ['-size,title']
    const all = ['id', '-size,title', '-id', 'size,-title']
    t.same(defineList(ITEM, { sorts, filters }).combinations, [
      { filters: [], sorts: all },
      { filters: ['title'], sorts: all },
      { filters: ['state'], sorts: all },
    ])
    const combinations = [
      { filters: ['title', 'state'], sorts: ['-size,title'] },
      { filters: [] },
    ] as const
    t.same(defineList(ITEM, { sorts, filters, combinations }).combinations, [
      { filters: ['title', 'state'], sorts: ['-size,title', 'size,-title'] },
      { filters: [], sorts: all },
    ])
  },
)

t.test('the schema of a query names the parameters of each combination of filters', async (t) => {
  const { query } = defineList(ITEM, {
    sorts: ['due'],
    filters: { title: 'eq', due: 'null', state: 'in' },
    combinations: [{ filters: ['state'] }, { filters: ['title', 'due'], sorts: ['id'] }],
  })
  t.same(Reflect.get(query, 'x-combinations'), [['title', 'due[null]']])
})

t.test('defineList() derives the type of a sort key from the schema of the member', async (t) => {
  const { orders } = defineList(ITEM, { sorts: ['-due,state'] })
  t.same(orders['-due,state'], [
    { field: 'due', type: 'time', isNullable: true, isDescending: true },
    { field: 'state', type: 'text', isNullable: false, isDescending: false },
  ])
})

t.test('a filter of a choice accepts each value except null', async (t) => {
  const item = Type.Object({
    grade: Type.Union([Type.Literal(1), Type.Literal(2), Type.Null()]),
    level: Type.Enum([1, 2]),
  })
  const { query } = defineList(item, { filters: { grade: 'eq', level: 'in' } })
  const validate = compileValidator(query, 'querystring')
  t.same(validate({ grade: '2', level: '1' }), { value: { grade: 2, level: [1] } })
  for (const value of ['3', 'null', '']) {
    t.match(validate({ grade: value }), { error: { violations: [{ pointer: '/grade' }] } })
    t.match(validate({ level: value }), { error: { violations: [{ pointer: '/level/0' }] } })
  }
})

t.test('a filter by text refuses text that the database cannot store', async (t) => {
  const { query } = defineList(ITEM, { filters: { title: 'eq', code: 'eq' } })
  const validate = compileValidator(query, 'querystring')
  t.same(validate({ title: 'x', code: 'ab' }), { value: { title: 'x', code: 'ab' } })
  t.match(validate({ title: 'a\0' }), { error: { violations: [{ pointer: '/title' }] } })
  t.match(validate({ code: `a${'b'.repeat(1_000)}` }), {
    error: { violations: [{ pointer: '/code' }] },
  })
  t.match(validate({ code: 'b' }), { error: { violations: [{ pointer: '/code' }] } })
})

const INVALID: [
  title: string,
  options: Parameters<typeof defineList<typeof ITEM.properties>>[1],
  message: string,
][] = [
  [
    'an order by a member that does not exist',
    { sorts: ['titel'] },
    'a list cannot be sorted or filtered by titel: its schema must be a text, a number or a boolean',
  ],
  [
    'a filter by an array',
    { filters: { tags: 'eq' } },
    'a list cannot be sorted or filtered by tags: its schema must be a text, a number or a boolean',
  ],
  [
    'a combination with another order',
    { filters: { title: 'eq' }, combinations: [{ filters: ['title'], sorts: ['due'] }] },
    'the list does not declare the order due',
  ],
  [
    'a filter that is in no combination',
    { filters: { title: 'eq' }, combinations: [] },
    'the filter title of a list needs a combination',
  ],
  [
    'filters that are combined twice',
    {
      filters: { title: 'eq', due: 'eq' },
      combinations: [{ filters: ['title', 'due'] }, { filters: ['due', 'title'] }],
    },
    'a list combines the filters [title,due] twice',
  ],
  [
    'a range without an order by its member',
    { sorts: ['title,due'], filters: { due: 'range' } },
    'the filter due[gt] of a list needs an order that begins with due',
  ],
  [
    'a filter by null without an order by its member',
    { filters: { due: 'null' } },
    'the filter due[null] of a list needs an order that begins with due',
  ],
]

for (const [title, options, message] of INVALID) {
  t.test(`defineList() refuses ${title}`, async (t) => {
    t.throws(() => defineList(ITEM, options), { name: 'TypeError', message })
  })
}
