import { readFileSync } from 'node:fs'
import { createConfig, lint } from '@redocly/openapi-core'
import spectralCore from '@stoplight/spectral-core'
import parsers from '@stoplight/spectral-parsers'
import t from 'tap'
import { CONTRACT } from './responses.ts'
import { EXCEPTIONS, type Exception, RULES } from './rules.ts'

const ERROR = 0

interface Finding {
  rule: string
  where: string
  message: string
}

/** What breaks a rule of Spectral's with the severity of an error. */
async function findErrors(text: string): Promise<Finding[]> {
  const spectral = new spectralCore.Spectral()
  spectral.setRuleset(RULES)
  const results = await spectral.run(new spectralCore.Document(text, parsers.Yaml, CONTRACT))
  return results
    .filter(({ severity }) => severity === ERROR)
    .map(({ code, path, message }) => ({ rule: String(code), where: path.join(' '), message }))
}

function covers({ rule, where }: Exception, finding: Finding): boolean {
  return rule === finding.rule && where.test(finding.where)
}

t.test('the contract keeps the rules of OpenAPI and OWASP, with reasoned exceptions', async (t) => {
  const contract = readFileSync(CONTRACT, 'utf8')
  const errors = await findErrors(contract)
  const excepted = (error: Finding) => EXCEPTIONS.some((exception) => covers(exception, error))
  t.same(
    errors.filter((error) => !excepted(error)),
    [],
  )
  for (const exception of EXCEPTIONS) {
    if (!contract.includes(exception.onlyWith ?? '')) continue
    const isNeeded = errors.some((error) => covers(exception, error))
    t.ok(isNeeded, `${exception.rule} needs its exception: ${exception.because}`)
  }
})

t.test('a contract that breaks a rule is found out', async (t) => {
  const text = 'openapi: 3.1.1\ninfo: { title: A }\npaths: {}\n'
  t.match(await findErrors(text), [{ rule: 'oas3-schema', where: 'info' }])
})

t.test("the contract keeps Redocly's rules", async (t) => {
  const problems = await lint({
    ref: CONTRACT,
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
