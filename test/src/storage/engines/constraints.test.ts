import { sql } from 'kysely'
import type { Test } from 'tap'
import { type Constraint, ConstraintViolation } from '../../../../src/storage/engines/failure.ts'
import { open } from '../../../database.ts'
import { databaseUrl, testOnEachEngine, testOnPostgres } from '../../../engines.ts'

/** Tables as an application writes them: names without quotes, and constraints of each kind. */
const TABLES = [
  'create table owners (id integer primary key, name text)',
  'create table places (country text, town text, primary key (country, town))',
  `create table pets (
    id integer primary key,
    tag text,
    name text not null,
    kind text,
    age integer check (age >= 0),
    weight integer,
    owner integer references owners,
    country text,
    town text,
    mother integer,
    constraint light check (kind <> 'age (cat)' or weight < 9),
    check (weight > age or town = 'age'),
    unique (town, tag),
    constraint pets_place foreign key (country, town) references places (country, town),
    constraint pets_mother foreign key (mother) references pets (id),
    constraint pets_late foreign key (weight) references owners (id) deferrable initially deferred
  )`,
  "create unique index pets_name on pets (lower(name), kind) where tag <> 'owner'",
  'create table visits (pet integer references pets (id) on delete restrict)',
  "insert into owners (id, name) values (1, 'ann'), (20, 'bob')",
  "insert into places (country, town) values ('fr', 'nice'), ('it', 'rome')",
  `insert into pets (id, tag, name, kind, town, country, owner)
    values (1, 'a', 'Rex', 'dog', 'nice', 'fr', 1), (2, 'b', 'Tom', 'cat', 'nice', 'fr', null)`,
  'insert into pets (id, name, mother) values (3, 2, 2)',
  'insert into visits (pet) values (1)',
]

type Refused = [statement: string, constraint: Constraint, columns: string[]]

const REFUSED: Refused[] = [
  ["insert into pets (id, name) values (1, 'Max')", 'unique', ['id']],
  [
    "insert into pets (tag, town, country, id, name) values ('a', 'nice', 'fr', 9, 'x')",
    'unique',
    ['tag', 'town'],
  ],
  ["update pets set tag = 'a' where id = 2", 'unique', ['tag', 'town']],
  [
    "insert into pets (id, tag, name, kind) values (9, 'z', 'REX', 'dog')",
    'unique',
    ['name', 'kind'],
  ],
  ['insert into pets (id) values (9)', 'not null', ['name']],
  ['update pets set name = null', 'not null', ['name']],
  ["insert into pets (id, name, age) values (9, 'x', -1)", 'check', ['age']],
  [
    "insert into pets (id, name, kind, weight) values (9, 'x', 'age (cat)', 20)",
    'check',
    ['kind', 'weight'],
  ],
  ['update pets set age = 5, weight = 2 where id = 1', 'check', ['age', 'weight', 'town']],
  ["insert into pets (id, name, owner) values (9, 'x', 9)", 'reference', ['owner']],
  [
    "insert into pets (id, name, owner) values (8, 'y', 1), (9, 'x', 9) returning id",
    'reference',
    ['owner'],
  ],
  [
    "insert into pets (id, name, owner) select id + 10, 'Copy', 9 from pets",
    'reference',
    ['owner'],
  ],
  ['update pets set owner = owner + 1', 'reference', ['owner']],
  [
    "insert into pets (id, name, country, town) values (9, 'x', 'it', 'nice')",
    'reference',
    ['country', 'town'],
  ],
  ['update pets set mother = 9 where id = 1', 'reference', ['mother']],
  ['delete from owners where id = 1', 'referenced', []],
  ['update owners set id = 2 where id = 1', 'referenced', []],
  ['delete from pets where id = 2', 'referenced', []],
  ['delete from pets where id = 1', 'referenced', []],
  ['update pets set weight = 9 where id = 1', 'reference', []],
]

async function openWithPets(t: Test) {
  const database = await open(t, await databaseUrl(t))
  for (const table of TABLES) await database.write((db) => sql.raw(table).execute(db))
  return database
}

function violationOf(promise: Promise<unknown>): Promise<ConstraintViolation> {
  return promise.then(
    () => new Error('the statement succeeded'),
    (error) => error,
  )
}

testOnEachEngine('a violated constraint is reported with its columns', async (t) => {
  const { write, transact } = await openWithPets(t)
  for (const [statement, constraint, columns] of REFUSED) {
    for (const run of [write, transact]) {
      const violation = await violationOf(run((db) => sql.raw(statement).execute(db)))
      t.type(violation, ConstraintViolation, statement)
      t.strictSame([violation.constraint, violation.columns], [constraint, columns], statement)
      t.type(violation.cause, Error)
    }
  }
})

testOnEachEngine('a violation changes nothing, and later writes succeed', async (t) => {
  const { write, reader } = await openWithPets(t)
  const count = () => sql<{ id: number }>`select id from pets`.execute(reader)
  const before = await count()
  for (const [statement] of REFUSED) {
    await t.rejects(write((db) => sql.raw(statement).execute(db)))
  }
  t.same((await count()).rows, before.rows)
  await write((db) => sql`delete from visits`.execute(db))
  const violation = await violationOf(
    write((db) => sql`insert into visits values (99)`.execute(db)),
  )
  t.strictSame(violation.columns, ['pet'], 'foreign keys are not deferred after a violation')
})

testOnPostgres(
  'a violation whose columns cannot be looked up is thrown without them',
  async (t) => {
    const { write } = await openWithPets(t)
    const violation = new ConstraintViolation('no cause', {
      constraint: 'unique',
      columns: [],
      cause: undefined,
    })
    t.equal(await violationOf(write(() => Promise.reject(violation))), violation)
    t.strictSame(violation.columns, [])
  },
)
