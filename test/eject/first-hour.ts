/** What a developer does in the first hour with an ejected service: three resources, and a rule that is written by hand. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { runProgram, succeed } from '../docs/clone.ts'

/** The fixtures of the tests have the same names behind their prefix. */
const COMMANDS = [
  "npm run new -- owners 'name:line!' 'phone:line?'",
  "npm run new -- notes code:line percent:int 'content:text?' 'factor:number?' 'isActive:boolean?' 'opensAt:time?' 'endsAt:timestamp?' 'mail:email?' 'site:url?' 'key:uuid!?'",
  "npm run new -- projects --in owners amount:int 'status:enum(open,paid)' 'dueOn:date?' 'note:ref(notes)?'",
  'npm run openapi',
  'npm run client',
]

/** The rule: texts in the routes of projects, and what is written in their place. */
const EDITS = [
  [
    "import { existing } from '../../src/http/http-error.ts'",
    "import { existing, HttpError } from '../../src/http/http-error.ts'",
  ],
  [
    '    if (isUnchanged(found.project',
    `    if (found.project.status === 'paid' && found.project.amount !== project.amount) {
      throw new HttpError('CONFLICT', 'the amount of a paid project cannot change')
    }
    if (isUnchanged(found.project`,
  ],
] as const

const RULE_TEST = `import { build, expectReply, write } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'

const PROJECT = { amount: 1, status: 'paid' }

testOnEachEngine('the amount of a paid project cannot change', async (t) => {
  const app = await build(t)
  await app.inject(write('POST', '/owners', {}, { name: 'Ann' }))
  await expectReply(t, app, write('POST', '/owners/1/projects', {}, PROJECT), { status: 201 })
  const replace = (project: object) =>
    write('PUT', '/owners/1/projects/1', { 'if-match': '*' }, { ...PROJECT, ...project })
  await expectReply(t, app, replace({ dueOn: '2030-01-31' }), {})
  await expectReply(t, app, replace({ amount: 2 }), { status: 409 })
})
`

/** Writes the resources and the rule in a clone. Returns a line with the figures. */
export async function writeShop(clone: string): Promise<string> {
  for (const command of COMMANDS) await succeed(runProgram(clone, 'bash', '-c', command))
  const routes = join(clone, 'routes/projects/index.ts')
  let source = readFileSync(routes, 'utf8')
  for (const [from, to] of EDITS) {
    if (!source.includes(from)) throw new Error(`${routes} has no ${from}`)
    source = source.replace(from, to)
  }
  writeFileSync(routes, source)
  writeFileSync(join(clone, 'test/routes/paid-projects.test.ts'), RULE_TEST)
  const lines = EDITS.flatMap(([, to]) => to.split('\n').slice(0, -1)).length + 1
  return `written by hand: ${lines} lines of a rule, and a test of ${RULE_TEST.split('\n').length - 1} lines`
}

/** Bundles the service of a clone as for the container, starts it, and throws unless it lists owners. */
export async function askBundle(clone: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
  try {
    await succeed(runProgram(clone, 'node', 'deploy/bundle.ts', folder))
    symlinkSync(join(clone, 'node_modules'), join(folder, 'node_modules'))
    await askService(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function askService(folder: string): Promise<void> {
  const env = { ...process.env, PORT: '0', DATABASE_URL: 'sqlite::memory:' }
  const service = spawn(process.execPath, ['src/start.js'], { cwd: folder, env })
  try {
    for await (const line of createInterface({ input: service.stdout })) {
      const [url] = /http:\/\/[\d.:]+/.exec(line) ?? []
      if (!url) continue
      const response = await fetch(`${url}/owners`, { headers: { accept: 'application/json' } })
      const text = await response.text()
      if (text !== '{"items":[]}') throw new Error(`the bundle answers ${response.status} ${text}`)
      return
    }
    throw new Error('the bundle does not start')
  } finally {
    service.kill()
    if (service.exitCode === null) await once(service, 'close')
  }
}
