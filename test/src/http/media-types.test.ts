import t from 'tap'
import {
  contentType,
  essenceOf,
  HTML,
  JSON_TYPE,
  PROBLEM_JSON,
  PROBLEM_XML,
  TEXT,
  XML,
} from '../../../src/http/media-types.ts'

const TYPES: [mediaType: string, essence: string, contentType: string][] = [
  [TEXT, 'text/plain', 'text/plain; charset=utf-8'],
  [JSON_TYPE, 'application/json', 'application/json; charset=utf-8'],
  [XML, 'application/xml', 'application/xml; charset=utf-8'],
  [HTML, 'text/html', 'text/html; charset=utf-8'],
  [PROBLEM_JSON, 'application/problem+json', 'application/problem+json'],
  [PROBLEM_XML, 'application/problem+xml', 'application/problem+xml'],
  ['image/png', 'image/png', 'image/png'],
]

for (const [mediaType, essence, expected] of TYPES) {
  t.test(`contentType() returns ${expected} for ${essence}`, async (t) => {
    t.equal(mediaType, expected)
    t.equal(contentType(essence), expected)
    t.equal(essenceOf(mediaType), essence, `essenceOf() returns ${essence} again`)
  })
}

t.test('essenceOf() removes all parameters', async (t) => {
  t.equal(essenceOf('text/plain; charset=utf-8; format=flowed'), 'text/plain')
})
