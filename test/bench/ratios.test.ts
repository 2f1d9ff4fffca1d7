import t from 'tap'
import { findLosses, ratioTo } from '../../bench/ratios.ts'

function measured(bare: number, service: number) {
  return [
    { name: 'bare', works: { json: { cpu: bare } } },
    { name: 'service', works: { json: { cpu: service } } },
  ]
}

t.test('a ratio tells how much more the other does in the same time', async (t) => {
  t.equal(ratioTo(measured(15, 30), 'service', 'json'), 0.5)
  t.equal(ratioTo(measured(15, 30), 'bare', 'json', 'service'), 2)
  t.notOk(
    ratioTo(measured(15, 30), 'service', 'page') >= 0,
    'of what was not measured there is none',
  )
})

t.test('a machine that is slower for all is no loss', async (t) => {
  t.same(findLosses(measured(15, 30), measured(150, 300)), [])
})

t.test('a ratio that is up to 15 % smaller is no loss, and one beyond is', async (t) => {
  t.same(findLosses(measured(15, 30), measured(15, 35)), [])
  t.same(findLosses(measured(15, 30), measured(15, 36)), [
    'service json: 0.42 of bare Fastify, was 0.50',
  ])
})

t.test('what was not measured before is not lost', async (t) => {
  t.same(findLosses([], measured(15, 30)), [])
})
