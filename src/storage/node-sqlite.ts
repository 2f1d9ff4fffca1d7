import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { SqliteDatabase } from 'kysely'

/** How long a statement waits for another process to let go of the file, in milliseconds. */
const BUSY_TIMEOUT = 2_000

/**
 * Opens a SQLite file through `node:sqlite`, in the shape that the query builder asks for.
 *
 * A commit is on the disk before it is acknowledged: WAL with `synchronous=FULL`.
 *
 * @param file a path, or `:memory:`.
 */
export function openSqlite(file: string): SqliteDatabase {
  const database = new DatabaseSync(file, {
    timeout: BUSY_TIMEOUT,
    enableForeignKeyConstraints: true,
  })
  try {
    useWal(database)
    database.exec('pragma synchronous = full')
  } catch (error) {
    database.close()
    throw error
  }
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql)
      const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[] // the builder's, from typed rows
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...bind(parameters)),
        run: (parameters) => statement.run(...bind(parameters)),
        iterate: (parameters) => statement.iterate(...bind(parameters)),
      }
    },
  }
}

/**
 * Two processes that change one fresh file at once: SQLite refuses the later at once, whatever the
 * timeout. It waits here for the other to be done, and finds the file changed.
 */
function useWal(database: DatabaseSync) {
  try {
    database.exec('pragma journal_mode = wal')
  } catch {
    database.exec('begin immediate; commit; pragma journal_mode = wal')
  }
}
