import t from 'tap'
import { parseAccounts } from '../../../plugins/auth/accounts.ts'

const isSecret = (text: string) => text.startsWith('hash')

const LISTS: { title: string; text: string; accounts: object[] }[] = [
  { title: 'an empty text', text: '', accounts: [] },
  { title: 'only white space', text: ' \n\t ', accounts: [] },
  {
    title: 'one entry',
    text: 'luis:write:hash1',
    accounts: [{ name: 'luis', scopes: ['write'], secret: 'hash1' }],
  },
  {
    title: 'entries separated by any white space',
    text: ' a:x:hash1 \n\tb:y:hash2\n',
    accounts: [
      { name: 'a', scopes: ['x'], secret: 'hash1' },
      { name: 'b', scopes: ['y'], secret: 'hash2' },
    ],
  },
  {
    title: 'an entry without scopes',
    text: 'luis::hash1',
    accounts: [{ name: 'luis', scopes: [], secret: 'hash1' }],
  },
  {
    title: 'several scopes',
    text: 'luis:articles.write,a-b,c_d:hash1',
    accounts: [{ name: 'luis', scopes: ['articles.write', 'a-b', 'c_d'], secret: 'hash1' }],
  },
  {
    title: 'a secret with colons and commas',
    text: 'luis:write:hash,a:b$c',
    accounts: [{ name: 'luis', scopes: ['write'], secret: 'hash,a:b$c' }],
  },
  {
    title: 'a name with any characters except a colon',
    text: 'zoë,@example.com::hash1',
    accounts: [{ name: 'zoë,@example.com', scopes: [], secret: 'hash1' }],
  },
  {
    title: 'a name with decomposed characters, and composes them',
    text: 'zoe\u0308::hash1',
    accounts: [{ name: 'zo\u00eb', scopes: [], secret: 'hash1' }],
  },
]

for (const { title, text, accounts } of LISTS) {
  t.test(`parseAccounts() accepts ${title}`, async (t) => {
    t.strictSame(parseAccounts(text, isSecret), accounts)
  })
}

const REFUSED: { title: string; text: string; position: number }[] = [
  { title: 'only a secret', text: 'hash1', position: 1 },
  { title: 'an entry without a scopes part', text: 'luis:hash1', position: 1 },
  { title: 'an entry without a name', text: ':write:hash1', position: 1 },
  { title: 'a name with a control character', text: 'lu\x7fis:write:hash1', position: 1 },
  { title: 'a name that was not UTF-8', text: 'zo\ufffd:write:hash1', position: 1 },
  { title: 'an entry without a secret', text: 'luis:write:', position: 1 },
  { title: 'an invalid secret', text: 'luis:write:hunter2', position: 1 },
  { title: 'an empty scope between commas', text: 'luis:a,,b:hash1', position: 1 },
  { title: 'scopes that end with a comma', text: 'luis:a,:hash1', position: 1 },
  { title: 'a scope with a quote', text: 'luis:a"b:hash1', position: 1 },
  { title: 'an invalid third entry', text: 'a::hash1 b::hash2 c::hunter2', position: 3 },
]

for (const { title, text, position } of REFUSED) {
  t.test(`parseAccounts() refuses ${title}`, async (t) => {
    t.throws(() => parseAccounts(text, isSecret), {
      message: new RegExp(`^entry ${position} does not have the form name:scopes:hash`),
    })
  })
}

t.test(
  'the error of parseAccounts() never quotes an entry, which may contain a secret',
  async (t) => {
    t.throws(() => parseAccounts('luis:hunter2', isSecret), { message: /^(?!.*(?:luis|hunter2))/ })
  },
)

t.test(
  'parseAccounts() refuses a repeated name, since only the first entry would be used',
  async (t) => {
    t.throws(() => parseAccounts('a::x b::y a::z', () => true), {
      message: /^entry 3 repeats the name/,
    })
    t.throws(() => parseAccounts('zo\u00eb::x zoe\u0308::y', () => true), {
      message: /^entry 2 repeats the name/,
    })
  },
)
