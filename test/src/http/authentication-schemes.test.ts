import t from 'tap'
import { schemeOf } from '../../../src/http/authentication-schemes.ts'

const FIELDS: [authorization: string, scheme: string | undefined][] = [
  ['Basic YTpi', 'Basic'],
  ['bearer x', 'Bearer'],
  ['BEARER', 'Bearer'],
  ['Bearers x', undefined],
  ['Bearer\tx', undefined],
  ['Digest x', undefined],
  ['', undefined],
]

for (const [authorization, scheme] of FIELDS) {
  t.test(`the scheme of ${JSON.stringify(authorization)} is ${scheme}`, async (t) => {
    t.equal(schemeOf(authorization), scheme)
  })
}
