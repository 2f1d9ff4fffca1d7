import type { RulesetDefinition } from '@stoplight/spectral-core'
import owasp from '@stoplight/spectral-owasp-ruleset'
import rulesets from '@stoplight/spectral-rulesets'

/** A rule that the contract breaks, where, and why that is to be so. */
export interface Exception {
  rule: string
  /** The place in the document: the names of its members, with a space between them. */
  where: RegExp
  because: string
  /** A text of the contract without which the exception need not be needed. */
  onlyWith?: string
}

/** Those of the sample resources. */
const OF_SAMPLES: Exception[] = [
  {
    rule: 'owasp:api2:2023-write-restricted',
    where: /^paths \/echo /,
    because: 'an echo writes nothing',
  },
  {
    rule: 'owasp:api4:2023-array-limit',
    where: /^components schemas Echo /,
    because: 'it is as long as the fields of the request, which have a limit all together',
  },
  {
    rule: 'owasp:api4:2023-array-limit',
    where: /^paths \/messages post requestBody /,
    because: 'a field of a form may come as often as the limit of the body lets it',
  },
  {
    rule: 'owasp:api4:2023-string-limit',
    where: /^paths \/messages post requestBody /,
    because: 'a message has the limit of every body, BODY_LIMIT, which counts octets',
  },
]

export const EXCEPTIONS: Exception[] = [
  ...OF_SAMPLES,
  {
    rule: 'owasp:api2:2023-no-http-basic',
    where: /^components securitySchemes basic /,
    because: "the tutorial's scheme: Bearer stands beside it, and a proxy in front brings HTTPS",
    // which is left out while no route asks for credentials
    onlyWith: 'scheme: basic',
  },
  {
    rule: 'owasp:api8:2023-define-cors-origin',
    where: /./,
    because: 'pages of other origins may read all or nothing, by CORS_ORIGIN: `info` says so once',
  },
  {
    rule: 'owasp:api9:2023-inventory-access',
    where: /^servers 0$/,
    because: 'whom the service is for is known to whoever runs it',
  },
]

/** The types of the package name its parts, which it has by default alone. */
const { rules } = owasp as unknown as { rules: Record<string, object> }

const STRING_LIMIT = 'owasp:api4:2023-string-limit'

/** The recommended rules of OpenAPI, and those that follow from OWASP's ten risks. */
export const RULES = {
  extends: [
    [rulesets.oas, 'recommended'],
    [owasp, 'recommended'],
  ],
  rules: {
    // ids are counted, of every resource; what may be read or written never hangs on knowing one
    'owasp:api1:2023-no-numeric-ids': 'off',
    // the service need not be protected from the text that it writes itself
    [STRING_LIMIT]: {
      ...rules[STRING_LIMIT],
      given: ['parameters', 'requestBody'].map(
        (part) => `$.paths[*][*].${part}..[?(@ && @.type=="string")]`,
      ),
    },
  },
} as RulesetDefinition // what stands in it was made for another version of its types
