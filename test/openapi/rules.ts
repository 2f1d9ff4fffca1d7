import type { RulesetDefinition } from '@stoplight/spectral-core'
import owasp from '@stoplight/spectral-owasp-ruleset'
import rulesets from '@stoplight/spectral-rulesets'

/** A rule that the OpenAPI document breaks on purpose. */
export interface Exception {
  rule: string
  /** Matches the path of the finding in the document, member names separated by spaces. */
  location: RegExp
  reason: string
  /** Text without which the document need not break the rule. */
  onlyIfPresent?: string
}

/** Exceptions of the sample resources. */
const SAMPLE_EXCEPTIONS: Exception[] = [
  {
    rule: 'owasp:api2:2023-write-restricted',
    location: /^paths \/echo /,
    reason: 'the echo changes nothing',
  },
  {
    rule: 'owasp:api4:2023-array-limit',
    location: /^components schemas Echo /,
    reason: 'the header section of the request has a length limit as a whole',
  },
  {
    rule: 'owasp:api4:2023-array-limit',
    location: /^paths \/messages post requestBody /,
    reason: 'the body limit also limits how often a form field can be repeated',
  },
  {
    rule: 'owasp:api4:2023-string-limit',
    location: /^paths \/messages post requestBody /,
    reason: 'BODY_LIMIT limits the size of a message in bytes, not characters',
  },
]

export const EXCEPTIONS: Exception[] = [
  ...SAMPLE_EXCEPTIONS,
  {
    rule: 'owasp:api2:2023-no-http-basic',
    location: /^components securitySchemes basic /,
    reason: 'the tutorial uses Basic; Bearer is available too, and a proxy provides HTTPS',
    // The scheme is left out if no route requires credentials.
    onlyIfPresent: 'scheme: basic',
  },
  {
    rule: 'owasp:api8:2023-define-cors-origin',
    location: /./,
    reason: 'CORS_ORIGIN applies to all responses; `info` describes it once',
  },
  {
    rule: 'owasp:api9:2023-inventory-access',
    location: /^servers 0$/,
    reason: 'the audience depends on the deployment',
  },
]

// At run time the package has a default export only; its types declare named exports.
const { rules } = owasp as unknown as { rules: Record<string, object> }

const STRING_LIMIT = 'owasp:api4:2023-string-limit'

/** Spectral's recommended OpenAPI rules, and those for OWASP's ten API risks. */
export const RULES = {
  extends: [
    [rulesets.oas, 'recommended'],
    [owasp, 'recommended'],
  ],
  rules: {
    // Ids are sequential integers; permissions never depend on an id being secret.
    'owasp:api1:2023-no-numeric-ids': 'off',
    // Limits only matter for requests: the service writes the strings of responses itself.
    [STRING_LIMIT]: {
      ...rules[STRING_LIMIT],
      given: ['parameters', 'requestBody'].map(
        (part) => `$.paths[*][*].${part}..[?(@ && @.type=="string")]`,
      ),
    },
  },
} as RulesetDefinition // the rulesets are typed for another version of spectral-core
