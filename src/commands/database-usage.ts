/** Usage text of `npm run db`. */
export const USAGE = `usage: npm run db -- COMMAND

  status           describes the database: engine, size, migrations, integrity, rows; changes nothing
  migrate          applies the pending migrations, as the service does at start; with MIGRATE=check the
                   service waits for this command. If one migration fails, none is applied. Refuses a
                   schema that needs a later version
  backup FILE      writes all data into a new SQLite file, from either engine, while the service runs;
                   replaces no file. An interrupted backup leaves FILE.*.partial
  backup --folder FOLDER --keep N
                   writes a backup whose name has the time (UTC), and then deletes all but the newest N
  verify FILE      checks that a backup is undamaged, has the rows that were written, and can be restored
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
