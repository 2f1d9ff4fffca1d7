/** Tests that resources of a service can have any names, since those of the fixtures have a prefix. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createResource } from '../../src/commands/new/create-resource.ts'
import { RESOURCES } from '../../src/resources.ts'
import { build } from '../app.ts'
import { cloneProject, expectSuccess, expectTypes, runScript } from '../docs/clone.ts'
import { CONSTRAINED, NESTED } from '../fixtures/folder.ts'

const ROOT = join(import.meta.dirname, '../..')

t.setTimeout(300_000)

/** Matches the members that a module adds to the tables or the named routes. */
const DECLARATION = /^ {2}interface (?:Schema|NamedRoutes) \{\n.*?^ {2}\}$/gms

t.test('tables and routes that a test declares have names with "fixture"', async (t) => {
  const names = globSync('test/**/*.ts', { cwd: ROOT }).flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(DECLARATION)].flatMap(([declaration]) =>
      [...declaration.matchAll(/^ {4}(\w+):/gm)].map(([, name = '']) => name),
    ),
  )
  t.ok(names.length > 20)
  t.strictSame(
    names.filter((name) => !/^fixture_|^[a-z]+Fixture/.test(name)),
    [],
  )
})

t.test('routes that tests add to those of a service have the prefix /fixture-', async (t) => {
  const pathsOf = async (...resources: string[]) => {
    RESOURCES.splice(0, RESOURCES.length, ...resources)
    const app = await build(t)
    await app.ready()
    return app.routeInfos.map(({ path }) => path)
  }
  const added = await pathsOf(CONSTRAINED, NESTED)
  const others = await pathsOf()
  t.ok(added.length > others.length)
  t.strictSame(
    added.filter((path) => !path.startsWith('/fixture-') && !others.includes(path)),
    [],
  )
})

const RESOURCES_OF_SERVICE = [
  'projects name:line',
  'tasks title:line',
  'notes --in tasks text:line',
]

t.test('resources with the names of fixtures, without the prefix, pass all checks', async (t) => {
  const clone = await cloneProject(t)
  for (const args of RESOURCES_OF_SERVICE) await createResource(args.split(' '), clone)
  t.equal((await runScript(clone, 'test/openapi/write-openapi.ts')).code, 0)
  await expectTypes(t, clone)
  const generated = ['projects', 'tasks', 'notes'].map((name) => `test/routes/${name}.test.ts`)
  const tests = [...generated, 'test/openapi/every-operation.test.ts', 'test/fuzz/parents.test.ts']
  await expectSuccess(t, clone, 'tap', '--reporter=tap', '--disable-coverage', ...tests)
})
