import { relative, resolve } from 'node:path'
import { parseDatabaseConfig } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import type { Database } from '../storage/database.ts'
import { migrate } from '../storage/migrations.ts'
import { openDatabase, openSource } from '../storage/open-database.ts'
import { seed } from '../storage/seeds.ts'
import { backUp } from '../storage/transfer/backup.ts'
import { backUpInto } from '../storage/transfer/backup-folder.ts'
import { type CopyResult, copy, requireMigrated } from '../storage/transfer/copy.ts'
import { restore } from '../storage/transfer/restore.ts'
import { isSameDatabase } from '../storage/transfer/same-database.ts'
import { describeDatabase, type Status } from '../storage/transfer/status.ts'
import { verifyBackup } from '../storage/transfer/verify.ts'
import { createMigration } from './new-migration.ts'
import { parseArguments, UsageError } from './parse-arguments.ts'

type Config = ReturnType<typeof parseDatabaseConfig>

type Environment = Record<string, string | undefined>

/** Runs a command. Uses only the environment variables of the database. */
export type DatabaseCommand = (env: Environment) => Promise<Status>

type ConfiguredCommand = (config: Config, env: Environment) => Promise<Status>

/** Parser of the arguments of each command. */
const COMMANDS = new Map<string, (args: string[]) => ConfiguredCommand>([
  ['status', readStatus],
  ['migrate', readMigrate],
  ['backup', readBackup],
  ['restore', readRestore],
  ['copy', readCopy],
  ['seed', readSeed],
])

/**
 * Parses a command line.
 *
 * @returns the command; undefined if the arguments ask for the usage text
 * @throws {UsageError}
 */
export function readCommand([name, ...args]: string[]): DatabaseCommand | undefined {
  if (name === undefined || [name, ...args].includes('--help')) return undefined
  if (name === 'new') return readNew(args)
  if (name === 'verify') return readVerify(args)
  const read = COMMANDS.get(name)
  if (!read) throw new UsageError(`there is no command ${name}`)
  const run = read(args)
  return (env) => run(readConfig('DATABASE_URL', env, env.DATABASE_URL), env)
}

function readStatus(args: string[]): ConfiguredCommand {
  parseArguments(args, {}, 0)
  return ({ url, timeoutMs }) => describeDatabase(url, timeoutMs, onWait)
}

function readMigrate(args: string[]): ConfiguredCommand {
  parseArguments(args, {}, 0)
  return withDatabase(async (database) => {
    const applied = (await migrate(database)).map((name) => `applied: ${name}`)
    return applied.length > 0 ? applied : ['no pending migrations']
  })
}

function readSeed(args: string[]): ConfiguredCommand {
  parseArguments(args, {}, 0)
  return withDatabase(async (database) =>
    (await seed(database)).map((name) => `wrote the example rows of ${name}`),
  )
}

function withDatabase(work: (database: Database) => Promise<string[]>): ConfiguredCommand {
  return async (config) => {
    const database = await openDatabase(config.url, { ...config, onWait })
    try {
      return { lines: await work(database), isSound: true }
    } finally {
      await database.close()
    }
  }
}

/** Written on standard error, so that scripts can read standard output. */
const onWait = (reason: string) => console.error(`waits for ${reason}`)

const NAME = /^[a-z\d]+(?:-[a-z\d]+)*$/
const RESOURCE = /^[\w-]+$/

/** Returns a command that uses no database. */
function readNew(args: string[]): DatabaseCommand {
  const { positionals, values } = parseArguments(args, { in: { type: 'string' } }, 1, 'NAME')
  const [name = ''] = positionals
  const resource = String(values.in ?? name)
  if (!NAME.test(name)) {
    throw new UsageError(
      `NAME is ${JSON.stringify(name)}: use lower-case letters, digits and hyphens, such as add-isbn`,
    )
  }
  if (!RESOURCE.test(resource)) {
    throw new UsageError(`--in is ${JSON.stringify(resource)}: name the folder of a resource`)
  }
  return async () => {
    const file = relative('.', createMigration(name, resource))
    return { lines: [`created: ${file}`], isSound: true }
  }
}

/** Makes the path absolute, since SQLite would interpret `file:NAME` as a URI. */
function readBackup(args: string[]): ConfiguredCommand {
  if (args.some((arg) => arg.startsWith('--'))) return readFolderBackup(args)
  const [file = ''] = parseArguments(args, {}, 1).positionals
  return async ({ url, timeoutMs }) =>
    report(await backUp(url, resolve(file), timeoutMs, onWait), `backed up to ${file}`)
}

function readFolderBackup(args: string[]): ConfiguredCommand {
  const { folder, keep } = parseArguments(
    args,
    { folder: { type: 'string' }, keep: { type: 'string' } },
    0,
  ).values
  if (!folder || !/^[1-9]\d*$/.test(String(keep))) {
    throw new UsageError('backup needs FILE, or --folder FOLDER and --keep N with N from 1')
  }
  return async ({ url, timeoutMs }) => {
    const path = resolve(String(folder))
    const result = await backUpInto(path, Number(keep), url, timeoutMs, new Date(), onWait)
    const deleted = result.deleted.map((name) => `deleted: ${name}`)
    const { lines } = report(result, `backed up to ${result.file}`)
    return { lines: [...lines, ...deleted], isSound: true }
  }
}

/** Last line of `verify`, by the digests that the backup has. */
const OUTCOMES = {
  all: (file: string) => `verified: ${file}`,
  resources: (file: string) =>
    `verified: the rows of ${file}; its schema and migrations were not compared, since an earlier version wrote it without their digests`,
  none: (file: string) =>
    `undamaged: ${file}; its rows, schema and migrations were not compared, since an earlier version wrote it without digests`,
}

/** Returns a command that uses only the file. */
function readVerify(args: string[]): DatabaseCommand {
  const [file = ''] = parseArguments(args, {}, 1).positionals
  return async () => {
    const { counts, compared } = await verifyBackup(resolve(file))
    return report({ counts, ignored: [] }, OUTCOMES[compared](file))
  }
}

function readRestore(args: string[]): ConfiguredCommand {
  const { positionals, values } = parseArguments(args, { replace: { type: 'boolean' } }, 1)
  const [file = ''] = positionals
  return async (config) => {
    const isReplacing = values.replace === true
    const result = await restore(resolve(file), config.url, isReplacing, { ...config, onWait })
    return report(result, `restored from ${file}`)
  }
}

function readCopy(args: string[]): ConfiguredCommand {
  const { to } = parseArguments(args, { to: { type: 'string' } }, 0).values
  if (typeof to !== 'string' || to === '') throw new UsageError('copy needs --to URL')
  return async ({ url, timeoutMs }, env) => {
    const config = readConfig('--to', env, to)
    if (isSameDatabase(url, config.url)) {
      throw new ConfigError('--to names the database of DATABASE_URL: name another one')
    }
    const source = await openSource(url, timeoutMs, onWait)
    // Check the source before opening the target, which may create a file.
    await source.readSnapshot((db) => requireMigrated(source, db))
    const target = await openDatabase(config.url, { ...config, onWait })
    try {
      return report(await copy(source, target, false), 'copied, and compared row by row')
    } finally {
      await target.close()
    }
  }
}

/** @throws {ConfigError} for a database in memory, which exists only while the command runs */
function readConfig(key: string, env: Environment, url: string | undefined): Config {
  const config = parseDatabaseConfig({ ...env, DATABASE_URL: url }, key)
  if (config.url !== 'sqlite::memory:') return config
  throw new ConfigError(`${key} is "sqlite::memory:": name a database that outlasts the command`)
}

function report({ counts, ignored }: CopyResult, done: string): Status {
  const lines = [
    ...counts.map(({ table, rows }) => `rows in ${table}: ${rows}`),
    ...ignored.map((table) => `left out, since no migration of this version creates it: ${table}`),
    done,
  ]
  return { lines, isSound: true }
}
