import t from 'tap'
import { isCrossOrigin, isSentUnasked } from '../../../src/http/cross-origin.ts'

const HTTP = { method: 'POST', protocol: 'http', host: 'api.example' }
const HTTPS = { ...HTTP, protocol: 'https' }

const REQUESTS: [head: typeof HTTP, headers: Record<string, string>, isForeign: boolean][] = [
  [HTTP, {}, false],
  [HTTP, { origin: 'http://api.example' }, false],
  [HTTP, { origin: 'https://api.example' }, true],
  [HTTP, { origin: 'http://api.example:8080' }, true],
  [HTTP, { origin: 'http://other.example' }, true],
  [HTTP, { origin: 'http://api.example.evil.test' }, true],
  [HTTP, { origin: 'null' }, true],
  [HTTP, { origin: '' }, true],
  [HTTPS, { origin: 'https://api.example' }, false],
  [HTTPS, { origin: 'http://api.example' }, true],
  [{ ...HTTP, host: 'API.example:80' }, { origin: 'http://api.example' }, false],
  [{ ...HTTP, host: 'api.example:8080' }, { origin: 'http://api.example:8080' }, false],
  [{ ...HTTP, host: '[::1]:5000' }, { origin: 'http://[::1]:5000' }, false],
  [{ ...HTTP, host: '' }, { origin: 'null' }, true],
  [HTTP, { origin: 'null', 'sec-fetch-site': 'same-origin' }, false],
  [HTTP, { origin: 'http://other.example', 'sec-fetch-site': 'none' }, false],
  [HTTP, { 'sec-fetch-site': 'cross-site' }, true],
  [HTTP, { origin: 'http://api.example', 'sec-fetch-site': 'same-site' }, true],
  [HTTP, { 'sec-fetch-site': 'same-origin, cross-site' }, true],
  [HTTP, { 'sec-fetch-site': '' }, true],
]

for (const [head, headers, isForeign] of REQUESTS) {
  const title = `${head.protocol}://${head.host} with ${JSON.stringify(headers)}`
  t.test(`${title} is ${isForeign ? '' : 'not '}cross-origin`, async (t) => {
    t.equal(isCrossOrigin({ ...head, headers }), isForeign)
  })
}

const UNASKED: [method: string, headers: Record<string, string>, isUnasked: boolean][] = [
  ['POST', {}, true],
  ['POST', { 'content-type': '' }, true],
  ['POST', { 'content-type': 'text/plain' }, true],
  ['POST', { 'content-type': 'Text/Plain ; a=b' }, true],
  ['POST', { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }, true],
  ['POST', { 'content-type': 'multipart/form-data; boundary=x' }, true],
  ['POST', { 'content-type': 'application/json' }, false],
  ['POST', { 'content-type': 'application/json', 'sec-fetch-mode': 'navigate' }, true],
  ['POST', { 'content-type': 'application/json', 'sec-fetch-mode': 'cors' }, false],
  ['PUT', { 'content-type': 'text/plain' }, false],
  ['DELETE', {}, false],
]

for (const [method, headers, isUnasked] of UNASKED) {
  t.test(
    `${method} with ${JSON.stringify(headers)} needs ${isUnasked ? 'no' : 'a'} preflight`,
    async (t) => {
      t.equal(isSentUnasked({ ...HTTP, method, headers }), isUnasked)
    },
  )
}
