import t from 'tap'
import {
  createProxyTrust,
  isBlock,
  isWideBlock,
  networkOf,
  shortNetworkOf,
  wideNetworkOf,
} from '../../../src/http/client-address.ts'

const NETWORKS: [address: string | undefined, network: string][] = [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:0201', '192.0.2.1'],
  ['0:0:0:0:0:FFFF:C000:201', '192.0.2.1'],
  ['0000:0000:0000:0000:0000:ffff:192.0.2.1', '192.0.2.1'],
  ['[::ffff:c000:201]:8080', '192.0.2.1'],
  ['[::ffff:192.0.2.1]', '192.0.2.1'],
  ['::ffff:192.0.2.1%eth0', '192.0.2.1'],
  ['64:ff9b::192.0.2.1', '192.0.2.1'],
  ['64:ff9b::c000:201', '192.0.2.1'],
  ['64:FF9B:0:0:0:0:C000:0201', '192.0.2.1'],
  ['64:ff9b::1:c000:201', '64:ff9b::/64'],
  ['::ffff:0:192.0.2.1', '192.0.2.1'],
  ['::ffff:0:c000:201', '192.0.2.1'],
  ['64:ff9b:1::192.0.2.1', '64:ff9b:1::c000:201'],
  ['64:ff9b:1:c000:2:100::', '64:ff9b:1:c000:2:100::'],
  ['64:ff9b:2::c000:201', '64:ff9b:2::/64'],
  ['2002:c000:201:7::1', '192.0.2.1'],
  ['2003:c000:201:7::1', '2003:c000:201:7::/64'],
  ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
  ['2001:db8:0:1::5', '2001:db8:0:1::/64'],
  ['2001:0DB8::1:0:0:0:6', '2001:db8:0:1::/64'],
  ['2001:db8::5', '2001:db8::/64'],
  ['2001:db8::', '2001:db8::/64'],
  ['::1', '::/64'],
  ['::', '::/64'],
  ['fe80::1:2%eth0', 'fe80::/64'],
  ['fe80::1:2%eth0.1-a', 'fe80::/64'],
  ['192.0.2.1:8080', '192.0.2.1'],
  ['[2001:db8:0:1::5]:8080', '2001:db8:0:1::/64'],
  ['[2001:db8:0:1::5]', '2001:db8:0:1::/64'],
  ['192.0.2.256', 'unknown'],
  ['192.0.2', 'unknown'],
  ['192.0.02.1', 'unknown'],
  ['0xc0000201', 'unknown'],
  ['3221225985', 'unknown'],
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
  '::ffff:c000:201',
  '::ffff:10.0.0.0/104',
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
  '10.0.0/8',
  '10.0.00.0/8',
  '::1::/64',
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

const SHORT: [address: string, network: string][] = [
  ['192.0.2.123', '192.0.2.0/24'],
  ['192.0.2.123:8080', '192.0.2.0/24'],
  ['::ffff:192.0.2.123', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['::1', '::/48'],
  ['fe80::1%eth0', 'fe80::/48'],
  ['64:ff9b:1:2::1', '64:ff9b:1::/48'],
  ['', 'unknown'],
  ['nobody', 'unknown'],
]

for (const [address, network] of SHORT) {
  t.test(`${JSON.stringify(address)} is shortened to ${network}`, async (t) => {
    t.equal(shortNetworkOf(address), network)
  })
}

const WIDE: [network: string, wide: string | undefined][] = [
  ['2001:db8:0:1::/64', '2001:db8::/56'],
  ['2001:db8:0:1ff::/64', '2001:db8:0:100::/56'],
  ['2001:db8:1:ab12::/64', '2001:db8:1:ab00::/56'],
  ['::/64', '::/56'],
  ['192.0.2.1', undefined],
  ['64:ff9b:1::c000:201', undefined],
  ['unknown', undefined],
]

for (const [network, wide] of WIDE) {
  t.test(`wideNetworkOf(${network}) returns ${wide}`, async (t) => {
    t.equal(wideNetworkOf(network), wide)
  })
}

t.test('createProxyTrust() finds addresses in blocks', async (t) => {
  const isTrusted = createProxyTrust(['10.0.0.0/8', '192.0.2.1', 'fc00::/7', '::1'])
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', 'fd00::1', '::1']) {
    t.equal(isTrusted(address), true, address)
  }
  for (const address of ['11.0.0.1', '192.0.2.2', 'fe80::1', '::2', '', 'x', undefined]) {
    t.equal(isTrusted(address), false, String(address))
  }
})

const BLOCKS: [block: string, isWide: boolean][] = [
  ['10.0.0.0/8', true],
  ['172.16.0.0/12', true],
  ['192.168.0.0/16', true],
  ['192.168.0.0/17', false],
  ['10.0.0.1', false],
  ['fc00::/7', true],
  ['2001:db8::/48', true],
  ['2001:db8::/64', false],
  ['::1', false],
]

for (const [block, isWide] of BLOCKS) {
  t.test(`${block} is ${isWide ? '' : 'not '}a wide block`, async (t) => {
    t.equal(isWideBlock(block), isWide)
  })
}
