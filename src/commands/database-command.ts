import { relative, resolve } from 'node:path'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { parseDatabaseConfig } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import { messageOf } from '../error-message.ts'
import type { Database } from '../storage/database.ts'
import { migrate } from '../storage/migrations.ts'
import { openDatabase, openSource } from '../storage/open-database.ts'
import { seed } from '../storage/seeds.ts'
import { backUp } from '../storage/transfer/backup.ts'
import { type CopyResult, copy, requireMigrated } from '../storage/transfer/copy.ts'
import { restore } from '../storage/transfer/restore.ts'
import { describeDatabase, type Status } from '../storage/transfer/status.ts'
import { createMigration } from './new-migration.ts'

export const USAGE = `usage: npm run db -- COMMAND

  status           describes the database: engine, size, migrations, integrity, rows; changes nothing
  migrate          applies the pending migrations, as the service does at start
  backup FILE      writes all data into a new SQLite file, from either engine, while the service runs;
                   replaces no file. An interrupted backup leaves FILE.*.partial
  restore FILE     puts the data of a backup into the database, all or nothing. Refuses a database that
                   holds more data than a new one: back it up, then restore FILE --replace. The service
                   may run, but cannot write meanwhile. If a SQLite file is damaged, stop the service
                   and move the file away first, with its -wal and -shm. An interrupted restore may
                   leave a folder restore-* among the temporary files
  copy --to URL    copies all data into another database, which must hold no more data than a new one,
                   and compares the two row by row; all or nothing. Stop the service first: later
                   writes to the source are not copied
  new NAME         writes a migration that you then complete, in the folder of the resource NAME, or of
                   another resource with --in RESOURCE; replaces no file, and needs no database
  seed             migrates a new database, and writes the example rows of all resources
                   (routes/NAME/seed.ts), all or nothing. Refuses a database that holds other data

DATABASE_URL names the database, in the environment or in .env.`

/** Thrown if the arguments are not a valid command. */
export class UsageError extends Error {}

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
  const read = COMMANDS.get(name)
  if (!read) throw new UsageError(`there is no command ${name}`)
  const run = read(args)
  return (env) => run(readConfig('DATABASE_URL', env, env.DATABASE_URL), env)
}

function readStatus(args: string[]): ConfiguredCommand {
  parse(args, {}, 0)
  return ({ url, timeoutMs }) => describeDatabase(url, timeoutMs)
}

function readMigrate(args: string[]): ConfiguredCommand {
  parse(args, {}, 0)
  return withDatabase(async (database) => {
    const applied = (await migrate(database)).map((name) => `applied: ${name}`)
    return applied.length > 0 ? applied : ['no pending migrations']
  })
}

function readSeed(args: string[]): ConfiguredCommand {
  parse(args, {}, 0)
  return withDatabase(async (database) =>
    (await seed(database)).map((name) => `wrote the example rows of ${name}`),
  )
}

function withDatabase(work: (database: Database) => Promise<string[]>): ConfiguredCommand {
  return async (config) => {
    const database = await openDatabase(config.url, config)
    try {
      return { lines: await work(database), isSound: true }
    } finally {
      await database.close()
    }
  }
}

const NAME = /^[a-z\d]+(?:-[a-z\d]+)*$/
const RESOURCE = /^[\w-]+$/

/** Returns a command that uses no database. */
function readNew(args: string[]): DatabaseCommand {
  const { positionals, values } = parse(args, { in: { type: 'string' } }, 1, 'NAME')
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
  const [file = ''] = parse(args, {}, 1).positionals
  return async ({ url, timeoutMs }) =>
    report(await backUp(url, resolve(file), timeoutMs), `backed up to ${file}`)
}

function readRestore(args: string[]): ConfiguredCommand {
  const { positionals, values } = parse(args, { replace: { type: 'boolean' } }, 1)
  const [file = ''] = positionals
  return async (config) => {
    const isReplacing = values.replace === true
    const result = await restore(resolve(file), config.url, isReplacing, config)
    return report(result, `restored from ${file}`)
  }
}

function readCopy(args: string[]): ConfiguredCommand {
  const { to } = parse(args, { to: { type: 'string' } }, 0).values
  if (typeof to !== 'string' || to === '') throw new UsageError('copy needs --to URL')
  return async ({ url, timeoutMs }, env) => {
    const config = readConfig('--to', env, to)
    const source = await openSource(url, timeoutMs)
    // Check the source before opening the target, which may create a file.
    await source.readSnapshot((db) => requireMigrated(source, db))
    const target = await openDatabase(config.url, config)
    try {
      return report(await copy(source, target, false), 'copied, and compared row by row')
    } finally {
      await target.close()
    }
  }
}

function parse(
  args: string[],
  options: ParseArgsOptionsConfig,
  count: number,
  argument: 'FILE' | 'NAME' = 'FILE',
) {
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true })
    if (parsed.positionals.length !== count)
      throw new Error(count ? `name one ${argument}` : 'too many arguments')
    return parsed
  } catch (error) {
    throw new UsageError(messageOf(error))
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
