import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Sample } from './load.ts'
import { DEBIAN_PYTHON } from './servers.ts'

/** Figures of a server. Each is the median of all rounds. */
export interface Figures {
  name: string
  title: string
  /** Time from the start to the first response, in milliseconds. */
  startTime: number
  /** Resident memory in MiB, after the start and after the last round. */
  idle: number
  loaded: number
  workloads: Record<string, Sample>
}

export interface Results {
  date: string
  machine: string
  versions: Record<string, string>
  /** Total number of rounds in all sessions. */
  rounds: number
  sessions: number
  servers: Figures[]
}

/** CPU time per request that each plugin takes, in microseconds, keyed by workload. */
export interface Ablation {
  date: string
  machine: string
  rounds: number
  /** CPU time that all plugins take together. */
  whole: Record<string, number>
  plugins: Record<string, Record<string, number>>
}

/** Results of the servers that also ran on PostgreSQL. */
export type PostgresResults = Pick<Results, 'date' | 'machine' | 'rounds' | 'sessions' | 'servers'>

/** Content of results.json, which is committed. */
interface Saved {
  results?: Results
  postgres?: PostgresResults
  ablation?: Ablation
}

const FILE = join(import.meta.dirname, 'results.json')

function readSaved(): Saved {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {}
}

/** Writes results to results.json, and keeps the other ones as they are in the file. */
export function save(figures: Saved) {
  writeFileSync(FILE, `${JSON.stringify({ ...readSaved(), ...figures }, null, 2)}\n`)
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
