import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { StorageError } from '../../../../src/storage/database.ts'
import { readPostgresUrl, withoutPasswords } from '../../../../src/storage/engines/postgres-url.ts'

type Environment = Record<string, string | undefined>

const configOf = (url: string, env: Environment = {}) => readPostgresUrl(url, env).config

const ADDRESSES: [url: string, config: object][] = [
  ['postgres://', { host: 'localhost' }],
  ['postgresql://db.example', { host: 'db.example' }],
  ['postgres://db.example:5433/api', { host: 'db.example', port: 5433, database: 'api' }],
  [
    'postgres://luis:a%40b%2Fc@db.example/api',
    { host: 'db.example', user: 'luis', password: 'a@b/c', database: 'api' },
  ],
  ['postgres://luis:a#b@[::1]:1/', { host: '::1', port: 1, user: 'luis', password: 'a#b' }],
  ['postgres:///api?host=/run/postgresql', { host: '/run/postgresql', database: 'api' }],
  ['postgres://luis@/api?host=/run', { host: '/run', database: 'api', user: 'luis' }],
  ['postgres://%2Frun%2Fpostgresql/api', { host: '/run/postgresql', database: 'api' }],
  [
    'postgres://?host=db.example&port=1&user=luis&password=a&dbname=api',
    { host: 'db.example', port: 1, user: 'luis', password: 'a', database: 'api' },
  ],
  [
    'postgres:///?application_name=api&options=-c%20search_path%3Da+-c%20x%3Dy&connect_timeout=3',
    { host: 'localhost', application_name: 'api', options: '-c search_path=a -c x=y' },
  ],
  ['postgres://db.example?channel_binding=prefer', { host: 'db.example' }],
  ['postgres://db.example?channel_binding=disable', { host: 'db.example' }],
  ['postgres://db.example?target_session_attrs=any', { host: 'db.example' }],
  ['postgres:///?sslnegotiation=direct', { host: 'localhost', sslnegotiation: 'direct' }],
]

for (const [url, config] of ADDRESSES) {
  t.test(`${url} has the meaning of libpq`, async (t) => t.strictSame(configOf(url), config))
}

t.test('PGHOST replaces an absent host', async (t) => {
  t.match(configOf('postgres:///api', { PGHOST: '/run/postgresql' }), { host: '/run/postgresql' })
})

t.test('empty variables of libpq are absent', async (t) => {
  const names = 'HOST HOSTADDR CHANNELBINDING TARGETSESSIONATTRS SSLMODE SSLROOTCERT SSLCERT SSLKEY'
  const env = Object.fromEntries(names.split(' ').map((name) => [`PG${name}`, '']))
  t.strictSame(readPostgresUrl('postgres:///api', env), readPostgresUrl('postgres:///api', {}))
})

t.test('variables of libpq that cannot be followed are refused', async (t) => {
  for (const [name, value] of [
    ['PGHOSTADDR', '192.0.2.1'],
    ['PGCHANNELBINDING', 'require'],
    ['PGTARGETSESSIONATTRS', 'primary'],
  ] as const) {
    t.throws(() => configOf('postgres:///api', { [name]: value }), {
      constructor: StorageError,
      message: /cannot be used/,
    })
  }
})

const FAULTS: [url: string, reason: RegExp][] = [
  ['postgres://luis:hunter2/x@db.example/api', /: write it like postgres:.* %2F for a \/$/],
  ['postgres://luis:x@hunter2@db.example/api', /: write it like postgres:.* with %40 for an @/],
  ['postgres://luis:hunter2%@db.example/api', /: a % in it is not followed by two hexadecimal/],
  ['postgres://one.example,two.example/api', /: it names several hosts: name one$/],
  ['postgres://db/api?hostaddr=192.0.2.1', /: hostaddr is not supported: write the address as/],
  ['postgres://db/api?channel_binding=require', /: channel_binding is "require": use prefer or/],
  ['postgres://db/api?target_session_attrs=read-write', /: target_session_attrs is "read-write": /],
  ['postgres:///api?statement_timeout=1', /: it has the parameter statement_timeout; supported/],
  ['postgres:///api?sslmode=no-verify', /^sslmode is "no-verify": use one of disable, allow, /],
  ['postgres://db/api?sslmode=verify-full', /^sslmode is verify-full: set sslrootcert to the file/],
  ['postgres://db/api?sslmode=verify-ca', /^sslmode is verify-ca: set sslrootcert to the file/],
  ['postgres://db/api?sslmode=require&sslrootcert=system', /^sslmode is require: sslrootcert=sys/],
  [
    'postgres://db/api?sslmode=require&sslrootcert=/nowhere',
    /^a certificate of PostgreSQL cannot be read: ENOENT/,
  ],
]

for (const [url, reason] of FAULTS) {
  t.test(`${url} is refused`, async (t) => {
    t.throws(() => configOf(url), { constructor: StorageError, message: reason })
    t.throws(() => configOf(url), { message: /^(?!.*hunter2)[^\n]*$/ })
  })
}

t.test('sslmode and sslrootcert have the meaning of libpq', async (t) => {
  const root = join(t.testdir(), 'root.crt')
  writeFileSync(root, 'a root')
  const anyone = { rejectUnauthorized: false }
  const modes: [url: string, tls: unknown[], env?: Environment][] = [
    ['postgres://db', [anyone, false]],
    ['postgres://db', [anyone], { PGSSLMODE: 'require' }],
    ['postgres://127.0.0.1', [false]],
    ['postgres://[::1]', [false]],
    ['postgres://localhost?sslmode=prefer', [anyone, false]],
    ['postgres:///?host=/run&sslmode=require', [false]],
    ['postgres://db?sslmode=disable', [false]],
    ['postgres://db?sslmode=allow', [false, anyone]],
    ['postgres://db?sslmode=require', [anyone]],
    [
      `postgres://db?sslmode=require&sslrootcert=${root}`,
      [{ ca: 'a root', checkServerIdentity: Function }],
    ],
    [
      'postgres://db?sslmode=verify-ca',
      [{ ca: 'a root', checkServerIdentity: Function }],
      { PGSSLROOTCERT: root },
    ],
    [
      `postgres://db?sslmode=verify-full&sslrootcert=${root}&sslcert=${root}&sslkey=${root}&sslpassword=a`,
      [
        {
          ca: 'a root',
          cert: 'a root',
          key: 'a root',
          passphrase: 'a',
          checkServerIdentity: undefined,
          rejectUnauthorized: undefined,
        },
      ],
    ],
    ['postgres://localhost?sslrootcert=system', [{ ca: Array, rejectUnauthorized: undefined }]],
  ]
  for (const [url, tls, env = {}] of modes) {
    t.match(readPostgresUrl(url, env).tls, tls, url)
    t.equal(readPostgresUrl(url, env).tls.length, tls.length)
  }
})

t.test('withoutPasswords() removes all passwords', async (t) => {
  const urls = [
    ['postgres://luis:hunter2@db/api', 'postgres://luis@db/api'],
    ['postgres://luis:a:b@c@db/api?x=1', 'postgres://luis@db/api?x=1'],
    ['postgres://luis@/api?host=/run', 'postgres://luis@/api?host=/run'],
    ['postgres://db?p%61ssword=a&user=luis&sslpassword=b', 'postgres://db?user=luis'],
    ['postgres://db?password=a', 'postgres://db'],
  ] as const
  for (const [url, safe] of urls) t.equal(withoutPasswords(url), safe)
})
