import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkOut } from '../test/check-out.ts'
import { bundle, ROOT } from './deployed.ts'
import { type Command, start } from './process.ts'
import { DATABASE, NO_LIMIT } from './servers.ts'
import { measureSlice } from './slice.ts'
import type { Workload } from './workloads.ts'

/** This version and the base commit, both bundled as in the container image. */
export interface Versions {
  current: Version
  base: Version
  /** Folder of all files that a check writes. */
  folder: string
  remove(): void
}

export interface Version extends Command {
  /** A database file with rows that this version has written. Each process gets a copy of this file. */
  database: string
}

/**
 * Bundles this checkout, uncommitted changes included, and the base commit. Then starts both once, so that later starts
 * have a compile cache and rows in the database. `remove` removes all files. The exit of this process also removes them.
 */
export async function prepareVersions(
  baseCommit: string,
  create: Workload,
  log: (line: string) => void,
): Promise<Versions> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-check-'))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  process.once('exit', removeFolder)
  const tree = join(folder, 'tree')
  const removeTree = checkOut(ROOT, baseCommit, tree)
  const remove = () => {
    process.off('exit', removeFolder)
    removeTree()
    removeFolder()
  }
  try {
    if (!existsSync(join(tree, 'deploy/bundle.ts'))) {
      throw new Error('the base commit has no deploy/bundle.ts: name a later commit with --base')
    }
    installPackages(tree, log)
    const current = await prepare(ROOT, join(folder, 'current'), create)
    const base = await prepare(tree, join(folder, 'base'), create)
    return { current, base, folder, remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** Installs the packages of the base commit's own lock file, so that the check also measures updates of packages. */
function installPackages(tree: string, log: (line: string) => void) {
  const [ours, theirs] = [ROOT, tree].map((root) => readFileSync(join(root, 'package-lock.json')))
  if (ours && theirs?.equals(ours)) {
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'))
    return
  }
  log('package-lock.json differs: npm ci for the base commit')
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  execFileSync('npm', ['ci', ...options], { cwd: tree, stdio: ['ignore', 'ignore', 'inherit'] })
}

async function prepare(root: string, folder: string, create: Workload): Promise<Version> {
  const service = join(folder, 'service')
  const first = join(folder, 'first')
  bundle(root, service)
  const command: Command = {
    command: [process.execPath, 'src/start.js'],
    directory: service,
    // sets only variables that have the same name in all versions, since the base commit may be an old version
    environment: (port, own) => ({
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: `sqlite:${join(own, DATABASE)}`,
      LOG_FILE: join(own, 'access.log'),
      LOG_LEVEL: 'info',
      RATE_LIMIT: NO_LIMIT,
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
    }),
  }
  const running = await start(command, first)
  try {
    await measureSlice(running, create)
  } finally {
    await running.stop()
  }
  return { ...command, database: join(first, DATABASE) }
}
