import { request, type WireCase } from '../case.ts'
import { BROWSER, VARIES } from '../fields.ts'

const ACCEPT = 'RFC 9110 §12.5.1'

const WEIGHT = 'RFC 9110 §12.4.2'

const NOT_ACCEPTABLE = 'RFC 9110 §15.5.7'

const HELLO = '{"message":"Hello"}'

const HELLO_XML = /<message><message>Hello<\/message><\/message>/

const HELLO_PAGE = /<h1>Message<\/h1>/

const VERSION_2 = 'application/vnd.example.v2+json'

/** Content-Type and content of each representation of GET /greeting. */
const GREETINGS = {
  text: ['text/plain; charset=utf-8', 'Hello World'],
  json: ['application/json; charset=utf-8', HELLO],
  xml: ['application/xml; charset=utf-8', HELLO_XML],
  html: ['text/html; charset=utf-8', HELLO_PAGE],
  version2: [VERSION_2, { message: 'Hello World' }],
} as const

/** Requests /greeting with the given header fields, and expects them to select the representation `as`. */
function selects(
  sent: string,
  fields: Record<string, string>,
  as: keyof typeof GREETINGS,
  section = ACCEPT,
): WireCase {
  const [mediaType, body] = GREETINGS[as]
  return {
    section,
    sent,
    bytes: request('GET /greeting', fields),
    statuses: [200],
    headers: { 'content-type': mediaType, vary: VARIES },
    body,
  }
}

/** Expects 406 for the given Accept. */
function notAcceptable(sent: string, accept: string, section = NOT_ACCEPTABLE): WireCase {
  return {
    section,
    sent,
    bytes: request('GET /greeting', { Accept: accept }),
    statuses: [406],
    headers: { 'content-type': 'application/json; charset=utf-8', vary: VARIES },
    body: {
      status: 406,
      message: `Not Acceptable: no acceptable media type; available: text/plain, application/json, application/xml, text/html, ${VERSION_2}`,
    },
  }
}

export const NEGOTIATION: WireCase[] = [
  selects('no Accept', {}, 'text'),
  selects('an empty Accept', { Accept: '' }, 'text'),
  selects('an Accept with only a comma', { Accept: ' , ' }, 'text', 'RFC 9110 §5.6.1'),
  selects('any type (`*/*`)', { Accept: '*/*' }, 'text'),
  selects('one type', { Accept: 'application/json' }, 'json'),
  selects('one type in upper case', { Accept: 'APPLICATION/JSON' }, 'json', 'RFC 9110 §8.3.1'),
  selects('one type among empty members', { Accept: ',,text/html, ,' }, 'html', 'RFC 9110 §5.6.1'),
  selects('any subtype of text', { Accept: 'text/*' }, 'text'),
  selects('any subtype of application', { Accept: 'application/*' }, 'json'),
  selects('a type, then any type', { Accept: 'text/html, */*' }, 'html'),
  selects('any type, then a type', { Accept: '*/*, text/html' }, 'html'),
  selects('any subtype of text, then a type', { Accept: 'text/*, application/json' }, 'json'),
  selects(
    '`application/*`, `*/*` with less weight, and application/json with the least weight',
    { Accept: 'application/*;q=0.9, */*;q=0.8, application/json;q=0.1' },
    'xml',
  ),
  selects(
    '`text/*`, and text/plain with less weight',
    { Accept: 'text/*;q=0.5, text/plain;q=0.1' },
    'html',
  ),
  selects('the Accept of an HTTP library', { Accept: 'application/json, text/plain, */*' }, 'json'),
  selects('the Accept of a browser', { Accept: BROWSER }, 'html'),
  selects('HTML, then JSON, with equal weight', { Accept: 'text/html, application/json' }, 'html'),
  selects('JSON, then HTML, with equal weight', { Accept: 'application/json, text/html' }, 'json'),

  selects(
    'a lower weight, then a higher weight',
    { Accept: 'text/plain;q=0.5, text/html' },
    'html',
    WEIGHT,
  ),
  selects(
    'weights that differ in the third decimal',
    { Accept: 'text/html;q=0.122, application/json;q=0.123' },
    'json',
    WEIGHT,
  ),
  selects(
    'the weight 1.000',
    { Accept: 'text/html;q=0.999, application/json;q=1.000' },
    'json',
    WEIGHT,
  ),
  selects(
    'Q in upper case, after white space',
    { Accept: 'text/plain \t;\tQ=0.1, text/html;q=0.2' },
    'html',
    WEIGHT,
  ),
  selects('any type except one', { Accept: '*/*, text/plain;q=0' }, 'json', WEIGHT),
  selects('any type except text', { Accept: 'text/*;q=0.000, */*;q=0.001' }, 'json', WEIGHT),
  selects('one type, and no others (`q=0`)', { Accept: 'text/html, */*;q=0' }, 'html', WEIGHT),
  selects(
    'a parameter after the weight, to be ignored',
    { Accept: 'application/json;q=0.5;ext=1, text/html;q=0.4' },
    'json',
  ),
  selects('a weight with four decimals', { Accept: 'application/json;q=0.1234' }, 'json', WEIGHT),
  selects('a weight over 1', { Accept: 'application/json;q=1.001' }, 'json', WEIGHT),
  selects(
    'a weight without a digit before the decimal point',
    { Accept: 'text/html;q=.2, application/json;q=.5' },
    'json',
    WEIGHT,
  ),
  selects('a weight that is a word', { Accept: 'application/json;q=high' }, 'json', WEIGHT),
  selects('an empty weight', { Accept: 'application/json;q=' }, 'json', WEIGHT),
  notAcceptable('a negative weight', 'application/json;q=-1', WEIGHT),
  notAcceptable('no type (`*/*;q=0`)', '*/*;q=0', WEIGHT),
  selects(
    'a malformed weight, then a valid weight',
    { Accept: 'application/json;q=x, text/html;q=0.1' },
    'json',
    WEIGHT,
  ),

  selects(
    'the available charset',
    { Accept: 'text/plain;q=0.5, application/json;charset=utf-8' },
    'json',
  ),
  selects(
    'the available charset, quoted and in upper case',
    { Accept: 'application/json;CHARSET="UTF-8"' },
    'json',
  ),
  selects('an unavailable charset', { Accept: 'application/json;charset=iso-8859-1' }, 'json'),
  selects('an unknown parameter', { Accept: 'text/html;level=1' }, 'html'),
  selects(
    'a type, and less weight for the type with an unknown parameter',
    { Accept: 'text/html;level=1;q=0.1, text/html;q=0.7, application/json;q=0.5' },
    'html',
  ),
  notAcceptable(
    'a comma and another type in a quoted string',
    'image/png;a=", text/html;q=1"',
    'RFC 9110 §5.6.4',
  ),
  selects(
    'a quoted comma before another type',
    { Accept: 'image/png;a="\\",", text/html' },
    'html',
    'RFC 9110 §5.6.4',
  ),
  notAcceptable('an unavailable type', 'image/png'),
  selects('a word without a slash', { Accept: 'nonsense' }, 'text'),
  selects('only an asterisk', { Accept: '*' }, 'text'),
  selects('an asterisk with a weight', { Accept: 'application/json; q=.1, *; q=.2' }, 'text'),
  selects('a wildcard type with a subtype', { Accept: '*/json' }, 'text'),
  notAcceptable('a malformed range and an unavailable type', 'nonsense, image/png', ACCEPT),
  selects(
    'the default of old Java clients',
    { Accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' },
    'html',
  ),
  selects(
    'two Accept fields',
    { Accept: 'image/png', accept: 'text/html' },
    'html',
    'RFC 9110 §5.3',
  ),
  selects(
    'two Accept fields, the higher weight in the first',
    { Accept: 'application/json', accept: 'text/html;q=0.9' },
    'json',
    'RFC 9110 §5.3',
  ),
  selects(
    '900 unavailable types and one available type',
    { Accept: `${'image/png;q=0.9, '.repeat(900)}text/html;q=0.1` },
    'html',
  ),
  selects('version 2 of the representation', { Accept: VERSION_2 }, 'version2', 'RFC 6838 §3.2'),
  selects(
    'version 2 of the representation, in upper case',
    { Accept: VERSION_2.toUpperCase() },
    'version2',
    'RFC 6838 §4.2',
  ),
  notAcceptable('an unknown version', 'application/vnd.example.v3+json'),
  selects(
    'an unknown version, and JSON with less weight',
    { Accept: 'application/vnd.example.v3+json, application/json;q=0.1' },
    'json',
  ),
  selects(
    'only application/problem+json',
    { Accept: 'application/problem+json' },
    'json',
    'RFC 9457 §3',
  ),
  selects(
    'Accept-Charset and Accept-Language, to be ignored',
    { 'Accept-Charset': 'x', 'Accept-Language': 'x' },
    'text',
    'RFC 9110 §12.5.2',
  ),
]
