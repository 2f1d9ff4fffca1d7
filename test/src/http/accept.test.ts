import t from 'tap'
import { selectMediaType } from '../../../src/http/accept.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const XML = 'application/xml; charset=utf-8'
const TEXT = 'text/plain; charset=utf-8'
const OFFERED = [JSON_TYPE, XML, TEXT]

const CASES: { title: string; field: string | undefined; selected: string | undefined }[] = [
  { title: 'takes the first offer where there is no field', field: undefined, selected: JSON_TYPE },
  { title: 'takes the first offer for an empty field', field: '', selected: JSON_TYPE },
  { title: 'takes the first offer for white space', field: ' \t ', selected: JSON_TYPE },
  { title: 'takes the first offer for an empty member', field: ',', selected: JSON_TYPE },
  { title: 'takes the first offer for empty members', field: ' , ,', selected: JSON_TYPE },
  { title: 'takes the first offer for a wildcard', field: '*/*', selected: JSON_TYPE },
  { title: 'takes the first offer of a type', field: 'application/*', selected: JSON_TYPE },
  { title: 'takes the type that is named', field: 'application/xml', selected: XML },
  { title: 'takes what a subtype wildcard covers', field: 'text/*', selected: TEXT },
  { title: 'gives nothing for what is not offered', field: 'image/png', selected: undefined },
  { title: 'gives nothing for a type that is not offered', field: 'image/*', selected: undefined },
  { title: 'reads names in any case', field: 'Application/XML', selected: XML },

  { title: 'prefers the higher weight', field: 'text/plain;q=0.5, */*;q=0.4', selected: TEXT },
  {
    title: 'prefers the higher weight of a later range',
    field: 'application/json;q=0.1, application/xml;q=0.2',
    selected: XML,
  },
  {
    title: 'lets the specific range weigh a type down, after the wildcard',
    field: '*/*, application/json;q=0.1, application/xml;q=0.2',
    selected: TEXT,
  },
  {
    title: 'lets the specific range weigh a type down, before the wildcard',
    field: 'application/json;q=0.1, application/xml;q=0.2, */*',
    selected: TEXT,
  },
  {
    title: 'lets a type outrank the wildcard and a subtype outrank the type',
    field: '*/*;q=1, application/*;q=0.3, application/xml;q=0.4, text/*;q=0.2',
    selected: XML,
  },
  {
    title: 'takes the exact name before a wildcard of the same weight',
    field: '*/*, text/plain',
    selected: TEXT,
  },
  {
    title: 'takes the type before the wildcard of the same weight',
    field: '*/*, text/*',
    selected: TEXT,
  },
  {
    title: 'takes what was asked for first of two alike',
    field: 'application/xml, application/json',
    selected: XML,
  },
  {
    title: 'takes what was asked for first of two alike in weight and exactness',
    field: 'text/plain;q=0.5, application/json;q=0.5',
    selected: TEXT,
  },
  {
    title: 'lets the first of two ranges for one type decide',
    field: 'application/json;q=0, application/json, text/plain;q=0.1',
    selected: TEXT,
  },

  { title: 'never gives what weighs 0', field: 'application/json;q=0', selected: undefined },
  { title: 'takes a weight of 0.000 for 0', field: '*/*;q=0.000', selected: undefined },
  {
    title: 'refuses all that weighs 0',
    field: 'application/*;q=0, text/*;q=0',
    selected: undefined,
  },
  {
    title: 'passes by what weighs 0 under a wildcard',
    field: '*/*, application/json;q=0',
    selected: XML,
  },
  {
    title: 'gives the one exception from a wildcard that weighs 0',
    field: '*/*;q=0, text/plain',
    selected: TEXT,
  },
  { title: 'takes the least weight above 0', field: 'text/plain;q=0.001', selected: TEXT },
  {
    title: 'reads the weight in any case',
    field: 'text/plain;Q=0.1, */*;Q=0.2',
    selected: JSON_TYPE,
  },
  { title: 'takes 1. for a weight', field: '*/*;q=0.9, text/plain;q=1.', selected: TEXT },
  { title: 'takes 0. for a weight', field: '*/*, application/json;q=0.', selected: XML },

  {
    title: 'takes the charset that it gives',
    field: 'text/plain;charset=utf-8',
    selected: TEXT,
  },
  {
    title: 'reads the charset in any case and in quotes',
    field: 'text/plain; Charset="UTF-8"',
    selected: TEXT,
  },
  {
    title: 'gives nothing for a charset that it does not give',
    field: 'text/plain;charset=iso-8859-1',
    selected: undefined,
  },
  {
    title: 'gives nothing for a parameter that it does not know',
    field: 'text/plain;format=flowed',
    selected: undefined,
  },
  {
    title: 'lets a parameter outrank the bare name',
    field: 'application/json;q=0.9, text/plain;q=0.8, application/json;charset=utf-8;q=0.1',
    selected: TEXT,
  },

  {
    title: 'leaves a comma in quotes alone',
    field: 'text/plain;a="b, application/xml", */*;q=0.1',
    selected: JSON_TYPE,
  },
  {
    title: 'leaves a semicolon in quotes alone',
    field: 'text/plain;a=";q=0", application/xml;q=0.1',
    selected: XML,
  },
  {
    title: 'leaves an escaped quote alone',
    field: 'text/plain;a="\\", application/xml", text/plain;q=0.1',
    selected: TEXT,
  },
  { title: 'passes by empty members', field: ', ,application/xml,,', selected: XML },
]

for (const { title, field, selected } of CASES) {
  t.test(`Accept ${title}`, async (t) => {
    t.equal(selectMediaType(field, OFFERED), selected, String(field))
  })
}

const MALFORMED = [
  'application',
  'application/',
  '/xml',
  '/',
  '*',
  '*/xml',
  'application xml',
  'application/xml/json',
  'appli cation/xml',
  'application/x@ml',
  ';q=1',
  ';',
  'application/xml;q=',
  'application/xml;q',
  'application/xml;q=2',
  'application/xml;q=1.1',
  'application/xml;q=1.0000',
  'application/xml;q=-1',
  'application/xml;q=0.1234',
  'application/xml;q=.5',
  'application/xml;q=high',
  'application/xml;q=NaN',
  'application/xml;q=1e0',
  'application/xml;a="',
  'application/xml;a="\\',
]

for (const member of MALFORMED) {
  t.test(`Accept disregards ${member}`, async (t) => {
    t.equal(selectMediaType(`text/plain;q=0.1, ${member}`, OFFERED), TEXT, 'in favour of the rest')
    t.equal(selectMediaType(member, OFFERED), undefined, 'and alone it asks for nothing')
  })
}

t.test('Accept reads a long hostile field to its end', async (t) => {
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
  t.equal(selectMediaType(`${'x/y,'.repeat(long)}text/plain`, OFFERED), TEXT, 'the last one counts')
})

t.test('Accept selects none of no offers, and never an offer that is no media type', async (t) => {
  t.equal(selectMediaType('*/*', []), undefined, 'no offers')
  t.equal(selectMediaType('*/*', ['nonsense', TEXT]), TEXT, 'no media type')
})

t.test('selectMediaType disregards what follows a weight, as old clients send it', async (t) => {
  t.equal(selectMediaType('text/plain;q=0.5, application/xml;q=1;ext=1', OFFERED), XML)
  t.equal(selectMediaType('application/xml;ext=1;q=1', OFFERED), undefined)
})
