/**
 * Measures what a request costs, here and elsewhere: `npm run bench`.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { load, type Sample, verify } from './load.ts'
import { type Running, start } from './process.ts'
import { seed } from './seed.ts'
import { SERVERS, type Server } from './servers.ts'
import { WORKS } from './work.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    work: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '1' },
  },
})

const chosen = (names: string[]) => (name: string) => names.length === 0 || names.includes(name)
const servers = SERVERS.filter(({ name }) => chosen(values.only)(name))
const works = WORKS.filter(({ name }) => chosen(values.work)(name))
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const running = new Map<Server, Running>()
try {
  await seed(join(folder, 'api.db'))
  for (const server of servers) {
    const own = join(folder, server.name)
    mkdirSync(own)
    copyFileSync(join(folder, 'api.db'), join(own, 'api.db'))
    running.set(server, await start(server, own))
  }
  const samples = new Map<string, Sample[]>()
  for (let round = 0; round <= rounds; round++) {
    for (const work of works) {
      for (const [server, at] of running) {
        if (work.only && !work.only.includes(server.name)) continue
        if (round === 0) await verify(server.name, at, work)
        const sample = await load(at, work, seconds)
        const key = `${server.name} ${work.name}`
        // the first is for the compiler
        if (round > 0) samples.set(key, [...(samples.get(key) ?? []), sample])
      }
    }
  }
  for (const work of works) {
    const bare = median((samples.get(`bare ${work.name}`) ?? []).map(({ cpu }) => cpu))
    for (const server of servers) {
      const all = samples.get(`${server.name} ${work.name}`)
      if (!all) continue
      const cpu = median(all.map(({ cpu }) => cpu))
      const p99 = median(all.map(({ p99 }) => p99))
      const rate = median(all.map(({ rate }) => rate))
      console.log(
        work.name.padEnd(10),
        server.name.padEnd(16),
        `${cpu.toFixed(1)} µs`.padStart(10),
        (bare / cpu).toFixed(2),
        `p99 ${p99}`.padStart(10),
        `${rate.toFixed(0)}/s`,
      )
    }
  }
} finally {
  for (const at of running.values()) await at.stop()
  rmSync(folder, { recursive: true })
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
