import t from 'tap'
import { ratioTo } from '../../bench/ratios.ts'

function measured(bare: number, service: number) {
  return [
    { name: 'bare', workloads: { json: { cpu: bare } } },
    { name: 'service', workloads: { json: { cpu: service } } },
  ]
}

t.test(
  'ratioTo() returns how many requests a server handles in the CPU time that the other server takes for one',
  async (t) => {
    t.equal(ratioTo(measured(15, 30), 'service', 'json'), 0.5)
    t.equal(ratioTo(measured(15, 30), 'bare', 'json', 'service'), 2)
    t.notOk(
      ratioTo(measured(15, 30), 'service', 'page') >= 0,
      'the ratio of a workload without measurements is NaN',
    )
  },
)
