import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Test } from 'tap'
import { createMigration } from '../../../src/commands/new-migration.ts'
import { RESOURCES } from '../../../src/resources.ts'
import { open } from '../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine } from '../../engines.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** Runs a program, and returns its output. */
function run(command: string, args: string[], cwd: string, env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

/** Creates a repository with a resource, two branches that each add a migration to it, and their merge. */
function createRepository(t: Test) {
  const folder = join(folderOf(t), 'repository')
  const routes = join(folder, 'routes')
  mkdirSync(join(routes, 'pets'), { recursive: true })
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@a.example', '-c', 'core.hooksPath=']
  // GIT_DIR: if the folder is missing, git must not use the repository around it.
  const git = (...args: string[]) =>
    run('git', [...identity, ...args], folder, {
      GIT_DIR: join(folder, '.git'),
      GIT_WORK_TREE: folder,
    })
  const commit = (name: string, time: string) => {
    createMigration(name, 'pets', new Date(time))
    git('add', '.')
    git('commit', '--quiet', '--message', name)
  }
  RESOURCES.push(routes)
  t.teardown(() => RESOURCES.splice(RESOURCES.indexOf(routes), 1))
  git('init', '--quiet', '--initial-branch=main')
  commit('pets', '2026-11-24T09:00Z')
  git('switch', '--quiet', '--create', 'tag')
  commit('tag', '2026-11-26T09:00Z')
  git('switch', '--quiet', '--create', 'age', 'main')
  commit('age', '2026-11-25T09:00Z')
  git('switch', '--quiet', '--create', 'merged', 'tag')
  git('merge', '--quiet', '--no-edit', 'age')

  const register = join(folderOf(t), 'register.ts')
  const resources = pathToFileURL(join(ROOT, 'src/resources.ts')).href
  writeFileSync(
    register,
    `import { RESOURCES } from ${JSON.stringify(resources)}
    RESOURCES.splice(0, RESOURCES.length, ${JSON.stringify(routes)})`,
  )
  const command = [
    `--import=${pathToFileURL(register)}`,
    join(ROOT, 'src/commands/db.ts'),
    'migrate',
  ]
  /** Migrates a database with the migrations of a branch, and returns the lines about the resource. */
  return function deploy(branch: string, DATABASE_URL: string): string[] {
    git('switch', '--quiet', branch)
    const lines = run(process.execPath, command, folder, { DATABASE_URL }).trim().split('\n')
    return lines.filter((line) => !line.includes('idempotency'))
  }
}

const [PETS, AGE, TAG] = [
  'applied: 20261124T0900-pets',
  'applied: 20261125T0900-age',
  'applied: 20261126T0900-tag',
] as const

/** Branches in the order of their deployment, with the migrations that each deployment applies. */
const ORDERS: [branch: string, applied: string[]][][] = [
  [['merged', [PETS, AGE, TAG]]],
  [
    ['main', [PETS]],
    ['tag', [TAG]],
    ['merged', [AGE]],
  ],
  [
    ['main', [PETS]],
    ['age', [AGE]],
    ['tag', [TAG]],
    ['merged', ['no pending migrations']],
  ],
]

testOnEachEngine('branches that each add a migration can be deployed in any order', async (t) => {
  t.setTimeout(180_000) // starts eight processes, and the machine may be busy
  const deploy = createRepository(t)
  for (const [index, order] of ORDERS.entries()) {
    const url = await lastingUrl(t)
    const own = t.context.isOnPostgres ? url : `${url}.${index}`
    for (const [branch, applied] of order) t.strictSame(deploy(branch, own), applied, branch)
    const { reader, dialect } = await open(t, own)
    const tables = await dialect.catalogue.listTables(reader)
    const pets = tables.find(({ name }) => name === 'pets')
    t.strictSame(pets?.columns.toSorted(), ['age', 'id', 'revision_nonce', 'tag', 'version'])
  }
})
