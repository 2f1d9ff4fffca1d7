import { resolve } from 'node:path'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { parseDatabaseConfig } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import { messageOf } from '../error-message.ts'
import { findLatest, migrate } from '../storage/migrations.ts'
import { openDatabase, openSource } from '../storage/open-database.ts'
import { backUp } from '../storage/transfer/backup.ts'
import { type Copied, copy, requireMigrated } from '../storage/transfer/copy.ts'
import { restore } from '../storage/transfer/restore.ts'
import { describeDatabase, type Status } from '../storage/transfer/status.ts'

export const USAGE = `usage: npm run db -- COMMAND

  status           what the database is, how far its schema, and what it holds; changes nothing
  migrate          brings the schema up to date, as a start of the service does
  backup FILE      writes all data into a new SQLite file, on either engine, while the service runs;
                   replaces no file. One that did not get done is called FILE.*.partial
  restore FILE     puts the data of a backup into the database, all or nothing. A database that holds
                   more than a fresh start has is refused: back it up, then restore FILE --replace.
                   The service may run, and cannot write meanwhile. A SQLite file that is damaged:
                   stop the service and move the file away first, with its -wal and -shm. One that is
                   interrupted may leave a folder restore-* where temporary files are
  copy --to URL    copies all data into another database, which must hold no more than a fresh start
                   has, and compares the two row for row; all or nothing. What is written to the
                   source after it began is not copied: stop the service first

The database is the one that DATABASE_URL names, in the environment or in .env.`

/** Words that make no command. */
export class UsageError extends Error {}

type Work = (config: Config, env: Environment) => Promise<Status>

type Config = ReturnType<typeof parseDatabaseConfig>

type Environment = Record<string, string | undefined>

/** Does what was asked for. It needs nothing of the environment but what concerns the database. */
export type Run = (env: Environment) => Promise<Status>

/** Reads what follows the name of a command. */
const COMMANDS = new Map<string, (words: string[]) => Work>([
  ['status', readStatus],
  ['migrate', readMigrate],
  ['backup', readBackup],
  ['restore', readRestore],
  ['copy', readCopy],
])

/**
 * Reads a command, as it was typed.
 *
 * @returns what does it, or undefined where the usage is asked for.
 * @throws {UsageError}
 */
export function readCommand([name, ...words]: string[]): Run | undefined {
  if (name === undefined || [name, ...words].includes('--help')) return undefined
  const read = COMMANDS.get(name)
  if (!read) throw new UsageError(`there is no command ${name}`)
  const run = read(words)
  return (env) => run(readConfig('DATABASE_URL', env, env.DATABASE_URL), env)
}

function readStatus(words: string[]): Work {
  parse(words, {}, 0)
  return ({ url, timeoutMs }) => describeDatabase(url, timeoutMs)
}

function readMigrate(words: string[]): Work {
  parse(words, {}, 0)
  return async (config) => {
    const database = await open(config)
    try {
      const steps = await migrate(database)
      const done = steps.map((step) => `done: ${step}`)
      return {
        lines: done.length > 0 ? done : [`up to date: ${await findLatest()}`],
        isSound: true,
      }
    } finally {
      await database.close()
    }
  }
}

/** A whole path: SQLite would take `file:NAME` for a URI. */
function readBackup(words: string[]): Work {
  const [file = ''] = parse(words, {}, 1).positionals
  return async ({ url, timeoutMs }) =>
    report(await backUp(url, resolve(file), timeoutMs), `backed up to ${file}`)
}

function readRestore(words: string[]): Work {
  const { positionals, values } = parse(words, { replace: { type: 'boolean' } }, 1)
  const [file = ''] = positionals
  return async (config) => {
    const copied = await restore(
      resolve(file),
      config.url,
      values.replace === true,
      optionsOf(config),
    )
    return report(copied, `restored from ${file}`)
  }
}

function readCopy(words: string[]): Work {
  const { to } = parse(words, { to: { type: 'string' } }, 0).values
  if (typeof to !== 'string' || to === '') throw new UsageError('copy needs --to URL')
  return async ({ url, timeoutMs }, env) => {
    const config = readConfig('--to', env, to)
    const source = await openSource(url, timeoutMs)
    // before a file is made for the target
    await source.readSnapshot((db) => requireMigrated(source, db))
    const target = await open(config)
    try {
      return report(await copy(source, target, false), 'copied, and compared row for row')
    } finally {
      await target.close()
    }
  }
}

function parse(words: string[], options: ParseArgsOptionsConfig, files: number) {
  try {
    const found = parseArgs({ args: words, options, allowPositionals: true })
    if (found.positionals.length !== files)
      throw new Error(files ? 'name one FILE' : 'too many words')
    return found
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}

/** A database in memory is gone with the command that would look after it. */
function readConfig(key: string, env: Environment, url: string | undefined): Config {
  const config = parseDatabaseConfig({ ...env, DATABASE_URL: url }, key)
  if (config.url !== 'sqlite::memory:') return config
  throw new ConfigError(`${key} is "sqlite::memory:": it must be a database that stays`)
}

function open(config: Config) {
  return openDatabase(config.url, optionsOf(config))
}

function optionsOf({ timeoutMs, connections }: Config) {
  return { timeout: timeoutMs, connections }
}

function report({ counts, ignored }: Copied, done: string): Status {
  const lines = [
    ...counts.map(({ table, rows }) => `rows in ${table}: ${rows}`),
    ...ignored.map((table) => `left out, as no table of this service: ${table}`),
    done,
  ]
  return { lines, isSound: true }
}
