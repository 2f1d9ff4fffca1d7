import t, { type Test } from 'tap'
import { StorageError } from '../../../src/storage/database.ts'
import { listMigrations, loadMigrations } from '../../../src/storage/migration-files.ts'
import { isAccepted } from '../../../src/storage/migration-state.ts'

const PLAIN = "export const minVersion = '1.2.3'\nexport async function up() {}\n"

function after(...owners: string[]): string {
  return `${PLAIN}export const after = ${JSON.stringify(owners)}\n`
}

/** Loads migrations from files that are given by resource, name and source. */
function load(t: Test, ...files: [resource: string, name: string, source?: string][]) {
  const folder: Record<string, { migrations: Record<string, string> }> = {}
  for (const [resource, name, source = PLAIN] of files) {
    folder[resource] ??= { migrations: {} }
    folder[resource].migrations[name] = source
  }
  return loadMigrations([t.testdir(folder)])
}

async function namesOf(migrations: ReturnType<typeof loadMigrations>): Promise<string[]> {
  return (await migrations).map(({ name }) => name)
}

t.test('migrations of all resources are sorted by time', async (t) => {
  const names = await namesOf(
    load(
      t,
      ['a', '20260301T0000-third.ts'],
      ['b', '20260201T0000-second.ts'],
      ['a', '20260101T0000-first.ts'],
    ),
  )
  t.strictSame(names, ['20260101T0000-first', '20260201T0000-second', '20260301T0000-third'])
})

t.test(
  'a migration runs after the first migration of a resource in `after`, even if that is newer',
  async (t) => {
    const names = await namesOf(
      load(
        t,
        ['loans', '20260101T0000-loans.ts', after('books', 'people')],
        ['loans', '20260115T0000-returns.ts'],
        ['books', '20260201T0000-books.ts'],
        ['people', '20260301T0000-people.ts'],
        ['people', '20260401T0000-addresses.ts'],
      ),
    )
    t.strictSame(names, [
      '20260201T0000-books',
      '20260301T0000-people',
      '20260101T0000-loans',
      '20260115T0000-returns',
      '20260401T0000-addresses',
    ])
  },
)

t.test(
  'a migration runs after all older migrations of a resource in `after`, but before newer ones',
  async (t) => {
    const names = await namesOf(
      load(
        t,
        ['pens', '20251201T0000-pens.ts', after('books')],
        ['authors', '20260101T0000-authors.ts'],
        ['authors', '20260102T0000-names.ts', after('ink')],
        ['books', '20260201T0000-books.ts', after('authors')],
        ['authors', '20260301T0000-rename.ts', after('books')],
        ['ink', '20260401T0000-ink.ts'],
      ),
    )
    t.strictSame(names, [
      '20260101T0000-authors',
      '20260401T0000-ink',
      '20260102T0000-names',
      '20260201T0000-books',
      '20251201T0000-pens',
      '20260301T0000-rename',
    ])
  },
)

t.test(
  'migrations run in the order of their names if each refers only to older ones',
  async (t) => {
    const files: Parameters<typeof load>[1][] = [
      ['authors', '20260101T0000-authors.ts'],
      ['books', '20260201T0000-books.ts', after('authors')],
      ['authors', '20260301T0000-rename.ts'],
      ['authors', '20260401T0000-favourites.ts', after('books')],
    ]
    const all = await namesOf(load(t, ...files))
    t.strictSame(
      all,
      files.map(([, name]) => name.replace('.ts', '')),
    )
  },
)

t.test('a migration has its owner, its version and its digest', async (t) => {
  const unix = await load(t, ['books', '20260101T0000-books.ts'])
  t.match(unix, [{ owner: 'books', minVersion: '1.2.3', after: [], digest: /^[\da-f]{64}$/ }])
  const windows = await load(t, ['pens', '20260101T0000-pens.ts', PLAIN.replaceAll('\n', '\r\n')])
  t.equal(windows[0]?.digest, unix[0]?.digest, 'the digest does not depend on the line ends')
  const edited = await load(t, ['ink', '20260101T0000-ink.ts', `${PLAIN}// edited\n`])
  t.not(edited[0]?.digest, unix[0]?.digest)
  const bundled = await load(t, ['nibs', '20260101T0000-n.ts', `${PLAIN}export const digest = 'd'`])
  t.equal(bundled[0]?.digest, 'd', 'a bundled migration exports the digest of its source')
})

t.test('files that are not TypeScript are ignored', async (t) => {
  t.strictSame(await load(t, ['books', 'README.md', 'Notes']), [])
})

const REFUSED: [title: string, files: Parameters<typeof load>[1][], message: RegExp][] = [
  [
    'a migration that refers to a missing resource',
    [['loans', '20260101T0000-loans.ts', after('books')]],
    /^migration 20260101T0000-loans refers to books: there is no such resource$/,
  ],
  [
    'a migration that refers to its own resource',
    [['books', '20260101T0000-books.ts', after('books')]],
    /^migration 20260101T0000-books refers to its own resource: remove books from after$/,
  ],
  [
    'resources that refer to each other, and names only the migrations of the cycle',
    [
      ['barns', '20251201T0000-barns.ts', after('hens')],
      ['hens', '20260101T0000-hens.ts', after('eggs')],
      ['eggs', '20260101T0000-eggs.ts', after('hens')],
      ['eggs', '20260201T0000-sizes.ts'],
    ],
    /^these migrations refer to each other, so none can be first: 20260101T0000-hens, 20260101T0000-eggs$/,
  ],
  [
    'two migrations with the same name',
    [
      ['a', '20260101T0000-same.ts'],
      ['b', '20260101T0000-same.ts'],
    ],
    /^two migrations are named 20260101T0000-same: rename one of .+a.migrations.+ and .+b.migrations/,
  ],
  [
    'a name without a time',
    [['books', '001-books.ts']],
    /001-books\.ts: name a migration YYYYMMDDTHHMM-name\.ts, in lower case$/,
  ],
  [
    'a file without up',
    [['books', '20260101T0000-books.ts', "export const minVersion = '1.0.0'"]],
    /20260101T0000-books\.ts: export a function up$/,
  ],
  [
    'a file without minVersion',
    [['books', '20260101T0000-books.ts', 'export async function up() {}']],
    /20260101T0000-books\.ts: export minVersion, a version such as '1\.0\.0'$/,
  ],
  [
    'a minVersion that is not a version',
    [['books', '20260101T0000-books.ts', `${PLAIN.replace('1.2.3', '1.2')}`]],
    /20260101T0000-books\.ts: export minVersion, a version such as '1\.0\.0'$/,
  ],
]

for (const [title, files, message] of REFUSED) {
  t.test(`loadMigrations() refuses ${title}`, async (t) => {
    await t.rejects(load(t, ...files), { constructor: StorageError, message })
  })
}

t.test('no migration needs a later version than package.json has', async (t) => {
  for (const migration of await listMigrations()) {
    const { name, minVersion } = migration
    t.ok(isAccepted(migration), `${name} needs ${minVersion}: raise the version of package.json`)
  }
})
