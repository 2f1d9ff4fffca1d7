import t from 'tap'
import { parseAccounts } from '../../../plugins/auth/accounts.ts'

const isSecret = (text: string) => text.startsWith('hash')

const LISTS: { title: string; text: string; accounts: object[] }[] = [
  { title: 'nothing', text: '', accounts: [] },
  { title: 'white space as nothing', text: ' \n\t ', accounts: [] },
  {
    title: 'an entry',
    text: 'luis:write:hash1',
    accounts: [{ name: 'luis', scopes: ['write'], secret: 'hash1' }],
  },
  {
    title: 'entries with any white space between them',
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
    title: 'a secret with colons and commas in it',
    text: 'luis:write:hash,a:b$c',
    accounts: [{ name: 'luis', scopes: ['write'], secret: 'hash,a:b$c' }],
  },
  {
    title: 'a name of any characters but a colon',
    text: 'zoë,@example.com::hash1',
    accounts: [{ name: 'zoë,@example.com', scopes: [], secret: 'hash1' }],
  },
]

for (const { title, text, accounts } of LISTS) {
  t.test(`parseAccounts reads ${title}`, async (t) => {
    t.strictSame(parseAccounts(text, isSecret), accounts)
  })
}

const REFUSED: { title: string; text: string; position: number }[] = [
  { title: 'a secret alone', text: 'hash1', position: 1 },
  { title: 'an entry without scopes and their colon', text: 'luis:hash1', position: 1 },
  { title: 'an entry without a name', text: ':write:hash1', position: 1 },
  { title: 'an entry without a secret', text: 'luis:write:', position: 1 },
  { title: 'a secret that is none', text: 'luis:write:hunter2', position: 1 },
  { title: 'a list of scopes with a gap', text: 'luis:a,,b:hash1', position: 1 },
  { title: 'a list of scopes with an end that is open', text: 'luis:a,:hash1', position: 1 },
  { title: 'a scope with a quote in it', text: 'luis:a"b:hash1', position: 1 },
  { title: 'the third of three entries', text: 'a::hash1 b::hash2 c::hunter2', position: 3 },
]

for (const { title, text, position } of REFUSED) {
  t.test(`parseAccounts refuses ${title}`, async (t) => {
    t.throws(() => parseAccounts(text, isSecret), {
      message: new RegExp(`^entry ${position} does not have the form name:scopes:hash`),
    })
  })
}

t.test('parseAccounts never quotes an entry, which may be a secret', async (t) => {
  t.throws(() => parseAccounts('luis:hunter2', isSecret), { message: /^(?!.*(?:luis|hunter2))/ })
})

t.test('a name that is there twice is refused, since only the first would count', async (t) => {
  t.throws(() => parseAccounts('a::x b::y a::z', () => true), {
    message: /^entry 3 repeats the name/,
  })
})
