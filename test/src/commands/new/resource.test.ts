import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createResource } from '../../../../src/commands/new/create-resource.ts'
import {
  cloneProject,
  expectCovered,
  expectSuccess,
  expectTypes,
  runProgram,
} from '../../../docs/clone.ts'

t.setTimeout(300_000)

/** A resource, one within it, and one with members of all types, under names that no service has. */
const RESOURCES = [
  ['sample-shops', 'name:line!'],
  ['sample-orders', '--in', 'sample-shops', 'amount:int', 'status:enum(open,paid)', 'dueOn:date?'],
  [
    ...['sample-parts', 'code:line!', 'note:text', 'count:int!', 'ratio:number', 'share:number?'],
    ...['isOpen:boolean', 'isOld:boolean?', 'day:date', 'at:time?', 'since:timestamp'],
    ...['kind:enum(a,b)?', 'buyer:ref(sample-shops)', 'payer:ref(sample-shops)?', 'mail:email!?'],
    ...['site:url?', 'token:uuid!'],
  ],
]

const FOLDERS = RESOURCES.map(([name]) => String(name))

const testOf = (folder: string) => `test/routes/${folder}.test.ts`

t.test('a written resource passes lint, the type check and its tests unchanged', async (t) => {
  const clone = await cloneProject(t)
  for (const args of RESOURCES) {
    const lines = await createResource(args, clone)
    t.match(lines.join('\n'), /created: routes\/[\w-]+\/schema\.ts\n.*npm run types/s)
  }
  await expectSuccess(t, clone, 'biome', 'check', '--error-on-warnings', 'routes', 'test/routes')
  await expectTypes(t, clone)
  const tests = [...FOLDERS.map(testOf), 'test/seeds.test.ts']
  const patterns = FOLDERS.map((folder) => `routes/${folder}/**/*.ts`)
  await expectCovered(t, clone, tests, globSync(patterns, { cwd: clone }))
  for (const [folder, mutations] of Object.entries(MUTATIONS))
    await expectFailures(t, clone, folder, mutations)
})

/** A part of a written file, what replaces it to remove a rule, and the name of an assertion that then fails. */
type Mutation = [file: string, from: string, to: string, assertion: string]

/** Mutations by resource, which the tests must find in one run. */
const MUTATIONS: Record<string, Mutation[]> = {
  'sample-orders': [
    ['schema.ts', "Type.Enum(['open', 'paid'], ", 'Type.String(', 'status'],
    [
      'migrations/*.ts',
      ".references('sample_shops.id')",
      '',
      'POST /sample-shops/999999/sample-orders returns 404',
    ],
    [
      'index.ts',
      'existing(await sampleShops.find(params.sampleShopId))',
      '',
      'GET /sample-shops/999999/sample-orders returns 404',
    ],
    [
      'store.ts',
      'scope: SCOPE,\n      read: ',
      'read: ',
      'GET /sample-shops/2/sample-orders/1 returns 404',
    ],
  ],
  'sample-parts': [
    [
      'migrations/*.ts',
      "'code', 'count', ",
      "'count', ",
      'returns 409 for a sample part whose code another one has (SQLite)',
    ],
    [
      'migrations/*.ts',
      "'note', dialect.text, (column) => column.notNull()",
      "'note', dialect.text",
      'note',
    ],
    [
      'migrations/*.ts',
      ".notNull().references('sample_shops.id')",
      '.notNull()',
      'returns 409 for a sample part whose buyerId does not exist (SQLite)',
    ],
    ['schema.ts', "date('Day')", 'Type.String()', 'day'],
    [
      'schema.ts',
      "ratio: Type.Number({ description: 'Ratio' })",
      'ratio: Type.Optional(Type.Number())',
      'ratio',
    ],
  ],
}

/** Removes rules of a resource, and asserts that the tests find each of them. */
async function expectFailures(t: Test, clone: string, folder: string, mutations: Mutation[]) {
  for (const [pattern, from, to] of mutations) {
    const [file = ''] = globSync(`routes/${folder}/${pattern}`, { cwd: clone })
    const source = readFileSync(join(clone, file), 'utf8')
    t.ok(source.includes(from), `${file} has ${from}`)
    writeFileSync(join(clone, file), source.replace(from, to))
  }
  const command = ['--import=./test/packages/preload.js', testOf(folder)]
  const { output } = await runProgram(clone, 'TAP_GREP=/SQLite/', process.execPath, ...command)
  const failed = output.split('\n').map((line) => /^ *not ok \d+ - (.*?)(?: #.*)?$/.exec(line)?.[1])
  for (const [, from, , assertion] of mutations)
    t.ok(failed.includes(assertion), `the tests of ${folder} find that ${from} is missing`)
}
