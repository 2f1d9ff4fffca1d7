import t from 'tap'
import { selectMediaType } from '../../../src/http/accept.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const XML = 'application/xml; charset=utf-8'
const TEXT = 'text/plain; charset=utf-8'
const OFFERED = [JSON_TYPE, XML, TEXT]

const CASES: { title: string; field: string | undefined; selected: string | undefined }[] = [
  { title: 'selects the first offer without the field', field: undefined, selected: JSON_TYPE },
  { title: 'selects the first offer for an empty field', field: '', selected: JSON_TYPE },
  { title: 'selects the first offer for white space', field: ' \t ', selected: JSON_TYPE },
  { title: 'selects the first offer for an empty member', field: ',', selected: JSON_TYPE },
  { title: 'selects the first offer for empty members', field: ' , ,', selected: JSON_TYPE },
  { title: 'selects the first offer for a wildcard', field: '*/*', selected: JSON_TYPE },
  {
    title: 'reads an asterisk as the wildcard',
    field: 'text/plain;q=.1, *;q=.2',
    selected: JSON_TYPE,
  },
  {
    title: 'selects the first offer of a type wildcard',
    field: 'application/*',
    selected: JSON_TYPE,
  },
  { title: 'selects the type of a range', field: 'application/xml', selected: XML },
  { title: 'selects the type of a subtype wildcard', field: 'text/*', selected: TEXT },
  { title: 'selects nothing if the type is not offered', field: 'image/png', selected: undefined },
  { title: 'selects nothing if no subtype is offered', field: 'image/*', selected: undefined },
  { title: 'ignores case', field: 'Application/XML', selected: XML },

  { title: 'prefers the higher weight', field: 'text/plain;q=0.5, */*;q=0.4', selected: TEXT },
  {
    title: 'prefers the higher weight of a later range',
    field: 'application/json;q=0.1, application/xml;q=0.2',
    selected: XML,
  },
  {
    title: 'applies the weight of a specific range that follows the wildcard',
    field: '*/*, application/json;q=0.1, application/xml;q=0.2',
    selected: TEXT,
  },
  {
    title: 'applies the weight of a specific range that precedes the wildcard',
    field: 'application/json;q=0.1, application/xml;q=0.2, */*',
    selected: TEXT,
  },
  {
    title: 'uses the weight of the most specific range',
    field: '*/*;q=1, application/*;q=0.3, application/xml;q=0.4, text/*;q=0.2',
    selected: XML,
  },
  {
    title: 'prefers the exact type to a wildcard of the same weight',
    field: '*/*, text/plain',
    selected: TEXT,
  },
  {
    title: 'prefers the type wildcard to the full wildcard of the same weight',
    field: '*/*, text/*',
    selected: TEXT,
  },
  {
    title: 'selects the first of two types with the same weight',
    field: 'application/xml, application/json',
    selected: XML,
  },
  {
    title: 'selects the first of two wildcards with the same weight',
    field: 'text/plain;q=0.5, application/json;q=0.5',
    selected: TEXT,
  },
  {
    title: 'uses the first of two ranges for one type',
    field: 'application/json;q=0, application/json, text/plain;q=0.1',
    selected: TEXT,
  },

  { title: 'never selects a type of weight 0', field: 'application/json;q=0', selected: undefined },
  { title: 'reads the weight 0.000 as 0', field: '*/*;q=0.000', selected: undefined },
  {
    title: 'selects nothing if all types have weight 0',
    field: 'application/*;q=0, text/*;q=0',
    selected: undefined,
  },
  {
    title: 'skips a type of weight 0 even if a wildcard matches it',
    field: '*/*, application/json;q=0',
    selected: XML,
  },
  {
    title: 'selects the only exception to a wildcard of weight 0',
    field: '*/*;q=0, text/plain',
    selected: TEXT,
  },
  {
    title: 'selects a type of the lowest weight above 0',
    field: 'text/plain;q=0.001',
    selected: TEXT,
  },
  {
    title: 'accepts Q as the name of the weight',
    field: 'text/plain;Q=0.1, */*;Q=0.2',
    selected: JSON_TYPE,
  },
  { title: 'accepts the weight 1.', field: '*/*;q=0.9, text/plain;q=1.', selected: TEXT },
  { title: 'accepts the weight 0.', field: '*/*, application/json;q=0.', selected: XML },

  {
    title: 'matches the charset of an offer',
    field: 'text/plain;charset=utf-8',
    selected: TEXT,
  },
  {
    title: 'matches a quoted charset in any case',
    field: 'text/plain; Charset="UTF-8"',
    selected: TEXT,
  },
  {
    title: 'ignores another charset',
    field: 'text/plain;charset=iso-8859-1',
    selected: TEXT,
  },
  {
    title: 'ignores an unknown parameter',
    field: 'text/plain;format=flowed',
    selected: TEXT,
  },
  {
    title: 'prefers the range without an unknown parameter',
    field: 'text/plain;format=flowed;q=0.9, text/plain;q=0.1, application/xml;q=0.5',
    selected: XML,
  },
  {
    title: 'prefers a range with an unknown parameter to the wildcard',
    field: 'text/*;q=0.1, text/plain;format=flowed;q=0.9, application/xml;q=0.5',
    selected: TEXT,
  },
  {
    title: 'prefers the available charset to another charset',
    field: 'text/plain;charset=latin1;q=0.9, text/plain;charset=utf-8;q=0.1, */*;q=0.5',
    selected: JSON_TYPE,
  },
  {
    title: 'prefers a range with a parameter',
    field: 'application/json;q=0.9, text/plain;q=0.8, application/json;charset=utf-8;q=0.1',
    selected: TEXT,
  },

  {
    title: 'does not split at a quoted comma',
    field: 'image/png;a="b, application/xml", */*;q=0.1',
    selected: JSON_TYPE,
  },
  {
    title: 'does not split at a quoted semicolon',
    field: 'text/plain;a=";q=0", application/xml;q=0.1',
    selected: TEXT,
  },
  {
    title: 'does not end a string at an escaped quote',
    field: 'image/png;a="\\", application/xml", text/plain;q=0.1',
    selected: TEXT,
  },
  { title: 'skips empty members', field: ', ,application/xml,,', selected: XML },
]

for (const { title, field, selected } of CASES) {
  t.test(`selectMediaType() ${title}`, async (t) => {
    t.equal(selectMediaType(field, OFFERED), selected, String(field))
  })
}

/** Malformed weights, and the weights with which they are read. Text that is not a number is ignored. */
const WEIGHTS: [text: string, weight: number][] = [
  ['', 1],
  ['high', 1],
  ['NaN', 1],
  ['2', 1],
  ['1.1', 1],
  ['1.0000', 1],
  ['"0.7"', 0.7],
  ['1e-1', 0.1],
  ['.5', 0.5],
  ['0.1234', 0.1234],
  ['-1', 0],
  ['-0', 0],
]

for (const [text, weight] of WEIGHTS) {
  t.test(`Accept reads the weight q=${text} as ${weight}`, async (t) => {
    for (const other of [0, 0.05, 0.3, 0.6, 0.9]) {
      const field = `application/xml;q=${text}, text/plain;q=${other}`
      const expected = Math.max(weight, other) > 0 ? (weight >= other ? XML : TEXT) : undefined
      t.equal(selectMediaType(field, OFFERED), expected, field)
    }
  })
}

const MALFORMED = [
  'application',
  'application/',
  '/xml',
  '/',
  '*/xml',
  'application xml',
  'application/xml/json',
  'appli cation/xml',
  'application/x@ml',
  ';q=1',
  ';',
]

for (const member of MALFORMED) {
  t.test(`selectMediaType() ignores the malformed member ${member}`, async (t) => {
    t.equal(
      selectMediaType(`text/plain;q=0.1, ${member}`, OFFERED),
      TEXT,
      'the other members of the field are used',
    )
    t.equal(selectMediaType(member, OFFERED), JSON_TYPE, 'without other members, nor is the field')
  })
}

for (const member of ['application/xml;a="', 'application/xml;a="\\']) {
  t.test(`Accept ignores the unclosed parameter of ${member}`, async (t) => {
    t.equal(selectMediaType(`text/plain;q=0.1, ${member}`, OFFERED), XML)
  })
}

t.test('selectMediaType() takes linear time for a long hostile field', async (t) => {
  const long = 100_000
  for (const hostile of [
    '"'.repeat(long),
    '\\'.repeat(long),
    '"\\'.repeat(long),
    ','.repeat(long),
    ';'.repeat(long),
    '='.repeat(long),
    ' '.repeat(long),
    'a'.repeat(long),
    '/'.repeat(long),
    'a/'.repeat(long),
    '*/'.repeat(long),
    'a/b;'.repeat(long),
    `a/b;c="${' '.repeat(long)}"`,
    `a/b;c="${'\\"'.repeat(long)}"`,
    'x/y,'.repeat(long),
    'x/y;q=0.5,'.repeat(long),
  ]) {
    const label = `${hostile.slice(0, 12)}…`
    t.equal(selectMediaType(`application/xml,${hostile}`, OFFERED), XML, `before ${label}`)
  }
  t.equal(
    selectMediaType(`${'x/y,'.repeat(long)}text/plain`, OFFERED),
    TEXT,
    'the last member is used',
  )
})

t.test(
  'selectMediaType() returns undefined without offers, and never selects a malformed offer',
  async (t) => {
    t.equal(selectMediaType('*/*', []), undefined, 'nothing is selected without offers')
    t.equal(selectMediaType('*/*', ['nonsense', TEXT]), TEXT, 'the malformed offer is not selected')
  },
)

t.test(
  'selectMediaType() ignores parameters after the weight, which old clients send',
  async (t) => {
    t.equal(selectMediaType('text/plain;q=0.5, application/xml;q=1;ext=1', OFFERED), XML)
    t.equal(selectMediaType('application/xml;q=0;ext=1', OFFERED), undefined)
  },
)
