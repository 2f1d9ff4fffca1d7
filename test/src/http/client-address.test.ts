import t from 'tap'
import { isBlock, networkOf } from '../../../src/http/client-address.ts'

const NETWORKS: [address: string | undefined, network: string][] = [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
  ['2001:db8:0:1::5', '2001:db8:0:1::/64'],
  ['2001:0DB8::1:0:0:0:6', '2001:db8:0:1::/64'],
  ['2001:db8::5', '2001:db8:0:0::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1:2%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['192.0.2.1:8080', '192.0.2.1'],
  ['[2001:db8:0:1::5]:8080', '2001:db8:0:1::/64'],
  ['[2001:db8:0:1::5]', '2001:db8:0:1::/64'],
  ['192.0.2.256', 'unknown'],
  ['::ffff:192.0.2.256', 'unknown'],
  ['[192.0.2.1', 'unknown'],
  ['unknown', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
]

for (const [address, network] of NETWORKS) {
  t.test(`networkOf(${address}) returns ${network}`, async (t) => {
    t.equal(networkOf(address), network)
  })
}

for (const text of [
  '192.0.2.1',
  '10.0.0.0/8',
  '192.0.2.1/32',
  '::1',
  '2001:db8::/32',
  'fc00::/128',
]) {
  t.test(`${text} is a valid block`, async (t) => {
    t.equal(isBlock(text), true)
  })
}

for (const text of [
  '',
  'true',
  '1',
  'loopback',
  'localhost',
  '10.0.0',
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/08',
  '10.0.0.0/33',
  '::/129',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/255.0.0.0',
  '/8',
  'fe80::1%eth0',
  '*',
]) {
  t.test(`${text} is not a valid block`, async (t) => {
    t.equal(isBlock(text), false)
  })
}
