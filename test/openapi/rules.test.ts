import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { installTool, runIn } from './install.ts'
import { OPENAPI_FILE } from './responses.ts'
import { EXCEPTIONS, type Exception } from './rules.ts'

t.setTimeout(10 * 60_000) // may install the linters

interface Finding {
  rule: string
  location: string
  message: string
}

const linters = await installTool('lint')

/** Returns the violations of Spectral's and Redocly's rules in a document. */
async function lint(file: string): Promise<Record<'spectral' | 'redocly', Finding[]>> {
  const { stdout } = await runIn(linters, process.execPath, 'lint.js', file)
  return JSON.parse(stdout)
}

function covers({ rule, location }: Exception, finding: Finding): boolean {
  return rule === finding.rule && location.test(finding.location)
}

t.test(
  'docs/openapi.yaml follows the rules of OpenAPI, OWASP and Redocly, with listed exceptions',
  async (t) => {
    const text = readFileSync(OPENAPI_FILE, 'utf8')
    const { spectral: errors, redocly } = await lint(OPENAPI_FILE)
    t.same(redocly, [])
    const excepted = (error: Finding) => EXCEPTIONS.some((exception) => covers(exception, error))
    t.same(
      errors.filter((error) => !excepted(error)),
      [],
    )
    for (const exception of EXCEPTIONS) {
      if (!text.includes(exception.onlyIfPresent ?? '')) continue
      const isNeeded = errors.some((error) => covers(exception, error))
      t.ok(isNeeded, `the exception from ${exception.rule} is still needed: ${exception.reason}`)
    }
  },
)

t.test('the linters report a document that breaks a rule', async (t) => {
  const text = 'openapi: 3.1.1\ninfo: { title: A }\npaths: {}\n'
  const { spectral, redocly } = await lint(join(t.testdir({ 'a.yaml': text }), 'a.yaml'))
  t.match(spectral, [{ rule: 'oas3-schema', location: 'info' }])
  t.match(redocly, [{ rule: 'no-empty-servers', location: '#/openapi' }])
})
