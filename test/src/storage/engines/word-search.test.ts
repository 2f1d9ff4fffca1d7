import { sql } from 'kysely'
import type { Schema } from '../../../../src/storage/schema.ts'
import { open } from '../../../database.ts'
import { databaseUrl, testOnEachEngine } from '../../../engines.ts'

/** A table of this test, which the types of the service do not know. */
const TABLE = 'pages' as 'fixture_notes'

testOnEachEngine(
  'a search finds the rows with all of the words, even after rows have changed',
  async (t) => {
    const { dialect, reader, write } = await open(t, await databaseUrl(t))
    const change = (statement: string) => write((writer) => sql.raw(statement).execute(writer))
    const find = async (...words: string[]) => {
      const rows = reader.selectFrom(TABLE).select('id')
      const found = dialect.withWords(rows, TABLE as keyof Schema, dialect.searchFor(words))
      const ids = await found.orderBy(sql.raw(dialect.searchedId)).execute()
      return ids.map(({ id }) => Number(id))
    }
    await change('create table pages (id integer primary key, words text)')
    await change("insert into pages values (1, 'red fish'), (2, 'red bird'), (3, '')")
    await write((writer) => dialect.indexWords(writer, TABLE))
    t.same(await find('red'), [1, 2], 'rows from before the index')
    t.same(await find('red', 'fish'), [1])
    t.same(await find('re'), [], 'part of a word')

    await change("insert into pages values (4, 'blue fish')")
    t.same(await find('fish'), [1, 4], 'after an insert')
    await change("update pages set words = 'blue bird' where id = 1")
    t.same(await find('fish'), [4], 'after an update')
    t.same(await find('bird', 'blue'), [1])
    await change('delete from pages where id = 4')
    t.same(await find('fish'), [], 'after a delete')
  },
)
