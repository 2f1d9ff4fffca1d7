import t from 'tap'
import { isHostName, isLoopback } from '../../../src/http/host.ts'

const HOSTS: [host: string, isName: boolean, isLocal: boolean][] = [
  ['localhost', true, true],
  ['LOCALHOST', true, true],
  ['127.0.0.1', true, true],
  ['127.255.0.9', true, true],
  ['[::1]', true, true],
  ['::1', false, true],
  ['api.example', true, false],
  ['a', true, false],
  ['api_1-x.example', true, false],
  ['[2001:db8::1]', true, false],
  ['128.0.0.1', true, false],
  ['127.example', true, false],
  ['127.0.0.1.example', true, false],
  ['localhost.example', true, false],
  ['evil.localhost', true, false],
  ['localhost.', false, false],
  ['[2001:db8::1', false, false],
  ['[10.0.0.1]', false, false],
  ['api.example:80', false, false],
  ['-a', false, false],
  ['é.example', false, false],
  ['', false, false],
]

for (const [host, isName, isLocal] of HOSTS) {
  t.test(`the host ${JSON.stringify(host)}`, async (t) => {
    t.equal(isHostName(host), isName, 'isHostName()')
    t.equal(isLoopback(host), isLocal, 'isLoopback()')
  })
}
