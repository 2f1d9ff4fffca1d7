import { readFileSync } from 'node:fs'
import { createConfig, lint } from '@redocly/openapi-core'
import spectralCore from '@stoplight/spectral-core'
import parsers from '@stoplight/spectral-parsers'
import t from 'tap'
import { OPENAPI_FILE } from './responses.ts'
import { EXCEPTIONS, type Exception, RULES } from './rules.ts'

const ERROR = 0

interface Finding {
  rule: string
  location: string
  message: string
}

/** Returns the violations of Spectral's rules with severity error. */
async function findErrors(text: string): Promise<Finding[]> {
  const spectral = new spectralCore.Spectral()
  spectral.setRuleset(RULES)
  const results = await spectral.run(new spectralCore.Document(text, parsers.Yaml, OPENAPI_FILE))
  return results
    .filter(({ severity }) => severity === ERROR)
    .map(({ code, path, message }) => ({ rule: String(code), location: path.join(' '), message }))
}

function covers({ rule, location }: Exception, finding: Finding): boolean {
  return rule === finding.rule && location.test(finding.location)
}

t.test(
  'docs/openapi.yaml follows the rules of OpenAPI and OWASP, with listed exceptions',
  async (t) => {
    const text = readFileSync(OPENAPI_FILE, 'utf8')
    const errors = await findErrors(text)
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

t.test('findErrors() reports a document that breaks a rule', async (t) => {
  const text = 'openapi: 3.1.1\ninfo: { title: A }\npaths: {}\n'
  t.match(await findErrors(text), [{ rule: 'oas3-schema', location: 'info' }])
})

t.test("docs/openapi.yaml follows Redocly's rules", async (t) => {
  const problems = await lint({
    ref: OPENAPI_FILE,
    config: await createConfig({ extends: ['recommended'] }),
  })
  t.same(
    problems.map(({ ruleId, message, location }) => ({
      ruleId,
      message,
      at: location[0]?.pointer,
    })),
    [],
  )
})
