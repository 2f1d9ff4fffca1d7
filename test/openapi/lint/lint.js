/** Lints the OpenAPI document in a file, and writes the findings of Spectral and Redocly as JSON. */
import { readFileSync } from 'node:fs'
import { createConfig, lint } from '@redocly/openapi-core'
import spectralCore from '@stoplight/spectral-core'
import owasp from '@stoplight/spectral-owasp-ruleset'
import parsers from '@stoplight/spectral-parsers'
import rulesets from '@stoplight/spectral-rulesets'

const STRING_LIMIT = 'owasp:api4:2023-string-limit'
const ERROR = 0

/** Spectral's recommended OpenAPI rules, and its rules for OWASP's ten API risks. */
const RULES = {
  extends: [
    [rulesets.oas, 'recommended'],
    [owasp, 'recommended'],
  ],
  rules: {
    // Ids are sequential integers. This is safe, because permissions never depend on an id being secret.
    'owasp:api1:2023-no-numeric-ids': 'off',
    // Only requests need limits, because the service itself writes the strings of responses.
    [STRING_LIMIT]: {
      ...owasp.rules[STRING_LIMIT],
      given: ['parameters', 'requestBody'].map(
        (part) => `$.paths[*][*].${part}..[?(@ && @.type=="string")]`,
      ),
    },
  },
}

/** Returns the violations of Spectral's rules with severity error. */
async function runSpectral(file) {
  const spectral = new spectralCore.Spectral()
  spectral.setRuleset(RULES)
  const document = new spectralCore.Document(readFileSync(file, 'utf8'), parsers.Yaml, file)
  return (await spectral.run(document))
    .filter(({ severity }) => severity === ERROR)
    .map(({ code, path, message }) => ({ rule: code, location: path.join(' '), message }))
}

async function runRedocly(file) {
  const config = await createConfig({ extends: ['recommended'] })
  return (await lint({ ref: file, config })).map(({ ruleId, message, location }) => ({
    rule: ruleId,
    location: location[0]?.pointer,
    message,
  }))
}

const [, , file] = process.argv
console.log(JSON.stringify({ spectral: await runSpectral(file), redocly: await runRedocly(file) }))
