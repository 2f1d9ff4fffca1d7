import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createResource } from '../../../../src/commands/new/create-resource.ts'
import { cloneProject, expectSuccess, expectTypes, runProgram } from '../../../docs/clone.ts'

t.setTimeout(300_000)

/** A resource, one within it, and one with members of all types. */
const RESOURCES = [
  ['customers', 'name:line!'],
  ['orders', '--in', 'customers', 'amount:int', 'status:enum(open,paid)', 'dueOn:date?'],
  [
    ...['line-items', 'code:line!', 'note:text', 'count:int!', 'ratio:number', 'share:number?'],
    ...['isOpen:boolean', 'isOld:boolean?', 'day:date', 'at:time?', 'since:timestamp'],
    ...['kind:enum(a,b)?', 'buyer:ref(customers)', 'payer:ref(customers)?', 'mail:email!?'],
    ...['site:url?', 'token:uuid!'],
  ],
]

const FOLDERS = RESOURCES.map(([name]) => String(name))

const testOf = (folder: string) => `test/routes/${folder}.test.ts`

t.test('a written resource passes lint, the type check and its tests unchanged', async (t) => {
  const clone = await cloneProject(t)
  for (const args of RESOURCES) {
    const lines = await createResource(args, clone)
    t.match(lines?.join('\n'), /created: routes\/[\w-]+\/schema\.ts\n.*npm run types/s)
  }
  await expectSuccess(t, clone, 'biome', 'check', '--error-on-warnings', 'routes', 'test/routes')
  await expectTypes(t, clone)
  const tests = [...FOLDERS.map(testOf), 'test/seeds.test.ts']
  const coverage = ['--coverage-report=json-summary', '--allow-incomplete-coverage']
  await expectSuccess(t, clone, 'tap', '--reporter=tap', ...coverage, ...tests)
  const report = JSON.parse(readFileSync(join(clone, '.tap/report/coverage-summary.json'), 'utf8'))
  for (const folder of FOLDERS) {
    for (const file of globSync(`routes/${folder}/**/*.ts`, { cwd: clone })) {
      const { lines, branches, functions } = Object(report[join(clone, file)])
      t.match({ lines, branches, functions }, COMPLETE, `the tests cover ${file}`)
    }
  }
  for (const mutation of MUTATIONS) await expectFailure(t, clone, mutation)
})

/** The coverage that `npm test` requires. */
const COMPLETE = { lines: { pct: 100 }, branches: { pct: 100 }, functions: { pct: 100 } }

/** A rule of a written resource that is removed, and a part of the title of the test that then fails. */
interface Mutation {
  rule: string
  folder: string
  file: string
  from: string
  to: string
  test: string
}

const MIGRATION = 'migrations/*.ts'

const MUTATIONS: Mutation[] = [
  {
    rule: 'a unique value',
    folder: 'line-items',
    file: MIGRATION,
    from: "'code', 'count', ",
    to: "'count', ",
    test: 'whose code another one has',
  },
  {
    rule: 'a column that is not null',
    folder: 'line-items',
    file: MIGRATION,
    from: "'note', dialect.text, (column) => column.notNull()",
    to: "'note', dialect.text",
    test: 'without a required value',
  },
  {
    rule: 'a required member',
    folder: 'line-items',
    file: 'schema.ts',
    from: "note: multiLine(10_000, 'Note')",
    to: "note: Type.Optional(multiLine(10_000, 'Note'))",
    test: 'with a wrong member',
  },
  {
    rule: 'the values of an enum',
    folder: 'orders',
    file: 'schema.ts',
    from: "Type.Enum(['open', 'paid'], ",
    to: 'Type.String(',
    test: 'with a wrong member',
  },
  {
    rule: 'the format of a text',
    folder: 'line-items',
    file: 'schema.ts',
    from: "date('Day')",
    to: 'Type.String()',
    test: 'with a wrong member',
  },
  {
    rule: 'a reference',
    folder: 'line-items',
    file: MIGRATION,
    from: ".notNull().references('customers.id')",
    to: '.notNull()',
    test: 'whose buyerId does not exist',
  },
  {
    rule: 'the parent of a new resource',
    folder: 'orders',
    file: MIGRATION,
    from: ".references('customers.id')",
    to: '',
    test: 'missing customer',
  },
  {
    rule: 'the parent of a list',
    folder: 'orders',
    file: 'index.ts',
    from: 'existing(await customers.find(params.customerId))',
    to: '',
    test: 'missing customer',
  },
  {
    rule: 'the parent of a resource',
    folder: 'orders',
    file: 'store.ts',
    from: 'scope: SCOPE, read: ',
    to: 'read: ',
    test: 'missing customer',
  },
]

/** Removes a rule, and asserts that a test fails. */
async function expectFailure(t: Test, clone: string, mutation: Mutation) {
  const { rule, folder, from, to, test } = mutation
  const [file = ''] = globSync(`routes/${folder}/${mutation.file}`, { cwd: clone })
  const source = readFileSync(join(clone, file), 'utf8')
  t.ok(source.includes(from), `${file} has ${from}`)
  writeFileSync(join(clone, file), source.replace(from, to))
  const command = ['--import=./test/packages/preload.js', testOf(folder)]
  const filter = `TAP_GREP=/${test}.*SQLite/`
  const { code, output } = await runProgram(clone, filter, process.execPath, ...command)
  writeFileSync(join(clone, file), source)
  t.equal(code, 1, `a test fails without ${rule}`)
  t.match(output, new RegExp(`^not ok .*${test}`, 'm'))
}
