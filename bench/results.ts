import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Sample } from './load.ts'
import { DEBIAN_PYTHON } from './servers.ts'

/** What a server was found to cost: medians of all rounds. */
export interface Figures {
  name: string
  title: string
  /** Until the first answer, in milliseconds. */
  startTime: number
  /** In MiB: after the start, and after the last round. */
  idle: number
  loaded: number
  works: Record<string, Sample>
}

export interface Results {
  date: string
  machine: string
  versions: Record<string, string>
  /** All together, and in how many sittings. */
  rounds: number
  sittings: number
  servers: Figures[]
}

/** What each plugin costs, in microseconds of the processor for each request, by work. */
export interface Ablation {
  date: string
  machine: string
  rounds: number
  /** What the service costs with all of them. */
  whole: Record<string, number>
  plugins: Record<string, Record<string, number>>
}

/** The committed figures. */
interface Kept {
  results?: Results
  ablation?: Ablation
}

const FILE = join(import.meta.dirname, 'results.json')

function readKept(): Kept {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {}
}

/** Keeps figures in place of those of the same kind. */
export function keep(figures: Kept) {
  writeFileSync(FILE, `${JSON.stringify({ ...readKept(), ...figures }, null, 2)}\n`)
}

export function describeMachine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpu?.model.trim()}, ${cpus().length} cores, ${memory} GiB, Linux ${release()}`
}

const PACKAGES = ['fastify', 'express', 'hono', '@nestjs/core']

export function findVersions(): Record<string, string> {
  const folders = [import.meta.dirname, join(import.meta.dirname, '..')]
  const packages = PACKAGES.flatMap((name) => {
    const files = folders.map((folder) => join(folder, 'node_modules', name, 'package.json'))
    const file = files.find(existsSync)
    return file ? [[name, JSON.parse(readFileSync(file, 'utf8')).version]] : []
  })
  return { node: process.versions.node, ...Object.fromEntries(packages), ...pythonVersions() }
}

function pythonVersions(): Record<string, string> {
  const code =
    'from importlib.metadata import version; print(version("flask"), version("gunicorn"))'
  try {
    const output = execFileSync(DEBIAN_PYTHON, ['-c', code], { encoding: 'utf8', stdio: 'pipe' })
    const [flask = '', gunicorn = ''] = output.trim().split(' ')
    return { flask, gunicorn }
  } catch {
    return {}
  }
}
