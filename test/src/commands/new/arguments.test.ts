import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { createResource, USAGE } from '../../../../src/commands/new/create-resource.ts'
import { namesOf, withArticle } from '../../../../src/commands/new/names.ts'
import { folderOf } from '../../../engines.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const COMMAND = join(ROOT, 'src/commands/new.ts')

/** Sources of resources, as far as a new resource needs them. */
const FILES = {
  'routes/shops/index.ts': '',
  'routes/shops/schema.ts': `export const createShop = { body: { examples: [{ name: 'A shop' }] } }
    export const ShopParams = { properties: { shopId: {} } }`,
  'routes/shops/store.ts': 'export const [COLUMNS, createShopStore] = [[], () => {}]',
  'routes/shelves/index.ts': '',
  'routes/shelves/schema.ts': `export const createShelf = { body: { examples: [{}] } }
    export const ShelfParams = { properties: { shopId: {}, shelfId: {} } }`,
  'routes/shelves/store.ts': 'export const createShelfStore = () => {}',
  'routes/carts/index.ts': '',
  'routes/carts/schema.ts': 'export const [createCart, CartParams] = [{}, {}]',
  'routes/carts/store.ts': 'export const createCartStore = () => {}',
  'routes/clocks/index.ts': '',
  'test/routes/taken.test.ts': '',
}

/** Writes a project with some resources, and returns its folder. */
function project(t: Test): string {
  const root = folderOf(t)
  for (const [path, source] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), source)
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  for (const file of ['biome.json', '.gitignore']) cpSync(join(ROOT, file), join(root, file))
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  return root
}

const ERRORS: [args: string, message: RegExp][] = [
  ['Books title:line', /^the name is "Books": use lower-case words, such as tasks or line-items$/],
  ['books --singular a_book title:line', /^the name is "a_book"/],
  ['people name:line', /^the singular of people is not certain: add --singular NAME$/],
  ['series name:line', /^the singular of series is not certain/],
  ['boxes --singular boxes a:int', /^the singular must differ from the plural, boxes$/],
  ['classes name:line', /^class has another meaning in the code of a resource: use another name$/],
  ['contents title:line', /^content has another meaning in the code/],
  ['values amount:int', /^value has another meaning in the code/],
  ['newBooks title:line', /^newBook has another meaning in the code/],
  ['docs title:line', /^the service needs the path or the table of docs: use another name$/],
  ['metrics name:line', /^the service needs the path/],
  ['sqlite-files name:line', /^the service needs the path or the table of sqlite-files/],
  ['idempotencyKeys name:line', /^the service needs the path or the table of idempotency-keys/],
  [`${'x'.repeat(63)}s a:int`, /^x+s has more than 63 characters: use shorter names$/],
  [`books ${'x'.repeat(64)}:int`, /^x{64} has more than 63 characters/],
  [`books ${'x'.repeat(48)}:int!`, /^books_by_unique_x+ has more than 63 characters/],
  ['books', /^name at least one field, such as title:line$/],
  ['books title', /^title is not a field: write NAME:TYPE, such as title:line or dueAt:date\?$/],
  ['books Title:line', /^the field Title has a wrong name: use letters and digits, such as dueAt$/],
  ['books due_at:date', /^the field due_at has a wrong name/],
  ['books title:string', /^title:string has an unknown type; the types are line .*ref\(users\)$/],
  ['books title:constructor', /^title:constructor has an unknown type/],
  ['books title:line(9)', /^title:line\(9\) has an unknown type/],
  ['books state:enum', /^state:enum: write the type as enum\(open,done\) or ref\(users\)$/],
  ['books type:enum(a,b)', /^type has another meaning in generated clients \(Go\): rename/],
  ['errors title:line', /^Error has another meaning in generated clients/],
  ['books state:enum(a)', /^state:enum\(a\): name two or more different values/],
  ['books state:enum(a,a)', /name two or more different values/],
  ["books state:enum(a,b')", /name two or more different values/],
  ['books shop:ref', /^shop:ref: write the type as/],
  ['books shop:ref(malls)', /^there is no resource malls: create it first, as routes\/malls$/],
  ['books shop:ref(../shops)', /^there is no resource \.\.\/shops/],
  ['books shelf:ref(shelves)', /^shelves is within another resource: docs\/extending.md shows/],
  ['books cart:ref(carts)', /^routes\/carts must export createXStore from store.ts, and createX/],
  ['books clock:ref(clocks)', /^routes\/clocks cannot be loaded: .*schema\.ts/],
  ['books valueOf:int?', /^valueOf is reserved: rename the field$/],
  ['books then:date', /^then is reserved: rename the field$/],
  ['books part:ref(books)?', /^books cannot refer to itself here: add this reference to the/],
  ['books id:int', /^id is reserved: rename the field$/],
  ['books title:line title:text', /^there are two fields title$/],
  ['books title:line?', /^at least one field must be required: remove a \?$/],
  ['books isOpen:boolean!', /^isOpen:boolean!: a field of the type boolean cannot be unique/],
  ['books shop:ref(shops)!', /a field of the type ref cannot be unique/],
  ['books --in malls title:line', /^there is no resource malls/],
  ['books --in shops shopId:int', /^shopId is the id of the parent: rename the field$/],
  ['books --of shops title:line', /--of/],
  ['shops name:line', /^there is already routes\/shops$/],
  ['taken --singular take name:line', /^there is already test\/routes\/taken\.test\.ts$/],
]

t.test('arguments that are wrong get an error that says what is accepted', async (t) => {
  const root = project(t)
  const before = globSync('{routes,test}/**', { cwd: root }).sort()
  for (const [args, message] of ERRORS) {
    const writing = createResource(args.split(' '), root)
    await t.rejects(writing, { message }, args)
  }
  t.strictSame(globSync('{routes,test}/**', { cwd: root }).sort(), before, 'nothing is written')
})

t.test('a resource within another one, which has no example rows, creates it', async (t) => {
  const root = project(t)
  const now = new Date('2026-12-01T10:30:00Z')
  const args = 'books --in shops title:line! pages:int? isNew:boolean'.split(' ')
  t.strictSame((await createResource(args, root, now)).slice(0, 6), [
    'created: routes/books/migrations/20261201T1030-books.ts',
    'created: routes/books/schema.ts',
    'created: routes/books/store.ts',
    'created: routes/books/seed.ts',
    'created: routes/books/index.ts',
    'created: test/routes/books.test.ts',
  ])
  const seed = readFileSync(join(root, 'routes/books/seed.ts'), 'utf8')
  t.match(seed, "const { shop } = await createShopStore(session).create({ name: 'A shop' })")
  const schema = readFileSync(join(root, 'routes/books/schema.ts'), 'utf8')
  t.notMatch(schema, /,\n\n/, 'no empty lines in the schemas')
})

t.test('the singular of a name is derived', async (t) => {
  for (const [plural, singular, table] of [
    ['orders', 'order', 'orders'],
    ['companies', 'company', 'companies'],
    ['boxes', 'box', 'boxes'],
    ['addresses', 'address', 'addresses'],
    ['invoices', 'invoice', 'invoices'],
    ['line-items', 'lineItem', 'line_items'],
    ['lineItems', 'lineItem', 'line_items'],
  ] as const) {
    t.match(namesOf(plural), { singular, table, folder: table.replace('_', '-') })
  }
  for (const name of ['ties', 'statuses', 'buses', 'heroes', 'knives', 'branches', 'glass']) {
    t.throws(() => namesOf(name), { message: /is not certain/ }, name)
  }
  t.match(namesOf('people', 'person'), { singular: 'person', type: 'Person', pluralType: 'People' })
  t.strictSame(['order', 'hour', 'user', 'umbrella'].map(withArticle), [
    'an order',
    'an hour',
    'a user',
    'an umbrella',
  ])
})

t.test('npm run new prints its usage, or an error that says what is wrong', async (t) => {
  const run = (...args: string[]) => {
    const env = { ...process.env, NODE_OPTIONS: '' }
    return spawnSync(process.execPath, [COMMAND, ...args], { env, encoding: 'utf8' })
  }
  for (const args of [[], ['books', '--help']])
    t.match(run(...args), { status: 0, stdout: `${USAGE}\n`, stderr: '' })
  const stderr = /^new: name at least one field, such as title:line\nnpm run new -- --help /
  t.match(run('books'), { status: 1, stdout: '', stderr })
})
