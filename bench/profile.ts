/** Profiles the service with V8's CPU profiler. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { start } from './process.ts'
import { type FindModule, sharesOf } from './shares.ts'
import { measureSlice } from './slice.ts'
import type { Version } from './versions.ts'
import type { Workload } from './workloads.ts'

/** Slices that are sent while the profiler runs. The first half does not count: it has the start of the service. */
const SLICES = 24

/** Profiles a version under a workload, and returns the share of each plugin and of each other module. */
export async function profile(version: Version, workload: Workload, folder: string) {
  mkdirSync(folder, { recursive: true })
  const [node = '', ...rest] = version.command
  const command = [node, '--cpu-prof', `--cpu-prof-dir=${folder}`, ...rest]
  const server = await start({ ...version, command }, folder)
  try {
    for (let slice = 0; slice < SLICES; slice++) await measureSlice(server, workload)
  } finally {
    await server.stop()
  }
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'))
  if (file === undefined) throw new Error('the profiler has written no file')
  return sharesOf(JSON.parse(readFileSync(join(folder, file), 'utf8')), createModuleFinder())
}

/** A comment in which esbuild names the module that follows. */
const MODULE = /^\s*\/\/ (\S+\.[cm]?[jt]s)$/

function createModuleFinder(): FindModule {
  /** Lines of each file, replaced by the module that they belong to. */
  const files = new Map<string, (string | undefined)[]>()

  function read(url: string) {
    let module: string | undefined
    return readFileSync(fileURLToPath(url), 'utf8')
      .split('\n')
      .map((line) => {
        module = MODULE.exec(line)?.[1] ?? module
        return module
      })
  }

  return (url, line) => {
    if (!url.startsWith('file:')) return undefined
    const modules = files.get(url) ?? read(url)
    files.set(url, modules)
    return modules[line]
  }
}
