import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Figures } from './results.ts'
import { WORKLOADS } from './workloads.ts'

const FILE = join(import.meta.dirname, '../docs/images/benchmarks.svg')

// in pixels
const WIDTH = 760
const LABELS = 230
const VALUES = 60
const BAR = 18
const ROW = 24
const HEAD = 44

/** Draws the CPU time of a workload on each server as a bar chart, which can be read on light and dark pages. */
export function drawChart(servers: readonly Figures[], workload: string) {
  const bars = servers.flatMap(({ name, title, workloads }) => {
    const cpu = workloads[workload]?.cpu
    return cpu === undefined ? [] : [{ name, title, cpu }]
  })
  if (bars.length === 0) return
  mkdirSync(dirname(FILE), { recursive: true })
  writeFileSync(
    FILE,
    write(bars, WORKLOADS.find(({ name }) => name === workload)?.title ?? workload),
  )
}

interface Bar {
  name: string
  title: string
  /** CPU time per request, in microseconds. */
  cpu: number
}

function write(bars: Bar[], title: string): string {
  const most = Math.max(...bars.map(({ cpu }) => cpu))
  const height = HEAD + bars.length * ROW + 8
  const rows = bars.map(({ name, title, cpu }, index) => {
    const y = HEAD + index * ROW
    const width = ((WIDTH - LABELS - VALUES) * cpu) / most
    return `  <text x="${LABELS - 8}" y="${y + 14}" text-anchor="end">${title}</text>
  <rect class="${name.startsWith('service') ? 'ours' : 'theirs'}" x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>
  <text x="${(LABELS + width + 6).toFixed(1)}" y="${y + 14}">${cpu.toFixed(1)}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}: CPU time per request">
  <style>
    text { font: 13px system-ui, sans-serif; fill: #24292f }
    .ours { fill: #0969da }
    .theirs { fill: #8c959f }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .ours { fill: #4493f8 }
      .theirs { fill: #6e7681 }
    }
  </style>
  <text x="${LABELS}" y="24" font-weight="bold">${title}: CPU time per request, µs</text>
${rows.join('\n')}
</svg>
`
}
