import { execFile } from 'node:child_process'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')

/** What has to be there for the code in a folder to use it as the service does. */
const USE = `
  import { Type } from 'typebox'
  import { Compile } from 'typebox/compile'
  import { Settings } from 'typebox/system'
  import { Kysely, sql } from 'kysely'
  import { Migrator } from 'kysely/migration'
  Settings.Set({ maxErrors: 1 })
  const [errors] = [Compile(Type.Array(Type.Integer())).Errors(['a', 'b'])]
  console.log(JSON.stringify([errors.length, typeof Kysely, typeof Migrator, sql\`a\`.isRawBuilder]))
`

/** The names that each of some modules exports. */
const LIST = `
  const names = process.argv.slice(1).map(async (module) => [module, Object.keys(await import(module))])
  console.log(JSON.stringify(await Promise.all(names)))
`

async function evaluate(cwd: string, code: string, ...parameters: string[]) {
  const flags = ['--input-type=module', '--eval', code, ...parameters]
  return JSON.parse((await run(process.execPath, flags, { cwd })).stdout)
}

t.test('bundled libraries export what they did, out of few files', async (t) => {
  const folder = t.testdir()
  for (const library of ['kysely', 'typebox']) {
    const path = join('node_modules', library)
    await cp(join(ROOT, path), join(folder, path), { recursive: true })
  }
  const { stdout } = await run(process.execPath, ['deploy/bundle-libraries.ts', folder], {
    cwd: ROOT,
  })
  const counts = [...stdout.matchAll(/(\d+) modules in (\d+)/g)].map(([, ...found]) =>
    found.map(Number),
  )
  t.equal(counts.length, 2)
  for (const [before = 0, after = 0] of counts) t.ok(after * 10 < before, `${before}, ${after}`)

  for (const library of ['kysely', 'typebox']) {
    const { exports } = JSON.parse(
      await readFile(join(ROOT, 'node_modules', library, 'package.json'), 'utf8'),
    )
    const modules = Object.keys(exports).map((path) => library + path.slice(1))
    const exported = await evaluate(folder, LIST, ...modules)
    t.strictSame(exported, await evaluate(ROOT, LIST, ...modules), library)
  }
  t.strictSame(await evaluate(folder, USE), [1, 'function', 'function', true], 'one state for all')
})
