import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError } from '../../src/config-error.ts'
import { Environment, SECRETS } from '../../src/environment.ts'
import { findUnknownVariables, loadEnvironment } from '../../src/load-environment.ts'
import type { Variables } from '../../src/read-environment.ts'

const TEXT = 'AUTH_REALM=Café\nPORT=1\n'

const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16()

const ENCODINGS: [name: string, bytes: Buffer][] = [
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
  ['UTF-8 with the line ends of Windows', Buffer.from(TEXT.replaceAll('\n', '\r\n'))],
  ['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
  ['UTF-16 in big-endian order', bigEndian(`\ufeff${TEXT}`)],
]
for (const [name, bytes] of ENCODINGS) {
  t.test(`loadEnvironment() reads ${name}`, async (t) => {
    const file = join(t.testdir(), '.env')
    writeFileSync(file, bytes)
    const env: Variables = { PORT: '2' }
    t.strictSame(loadEnvironment(env, file), { names: ['AUTH_REALM', 'PORT'], strayLines: [] })
    t.strictSame(env, { AUTH_REALM: 'Café', PORT: '2' }, 'a variable that is set stays as it is')
  })
}

const UNREADABLE: [name: string, bytes: Buffer, problem: RegExp][] = [
  ['UTF-16 without a byte order mark', Buffer.from(TEXT, 'utf16le'), /not valid|null characters/],
  ['ASCII in UTF-16', Buffer.from('PORT=1', 'utf16le'), /it has null characters: save it as UTF-8/],
  ['Latin-1', Buffer.from(TEXT, 'latin1'), /not valid for encoding utf-8/],
]
for (const [name, bytes, problem] of UNREADABLE) {
  t.test(`loadEnvironment() refuses ${name}`, async (t) => {
    const file = join(t.testdir(), '.env')
    writeFileSync(file, bytes)
    const env = {}
    t.throws(() => loadEnvironment(env, file), { constructor: ConfigError, message: problem })
    t.strictSame(env, {})
  })
}

t.test('loadEnvironment() needs no file', async (t) => {
  t.strictSame(loadEnvironment({}, join(t.testdir(), '.env')), { names: [], strayLines: [] })
})

const STRAY: [text: string, lines: number[]][] = [
  ['AUTH_USERS : x\n\n  # A : b\n export A=1\nB\n', [1, 5]],
  ['A="one\ntwo : 2\nthree" # comment\nfour\n', [4]],
  ["A='one\r\ntwo'\r\nB=`one\r\ntwo`\r\n three\r\n", [5]],
  ['A="one\nB\nC=\'\nD=1', [2]],
  ['A=\n=x\n', [2]],
]
for (const [text, strayLines] of STRAY) {
  t.test(`lines that set no variable are found in ${JSON.stringify(text)}`, async (t) => {
    const file = join(t.testdir({ '.env': text }), '.env')
    t.match(loadEnvironment({}, file), { strayLines })
    t.equal(loadEnvironment({}, file).strayLines.length, strayLines.length)
  })
}

const SIMILAR: Record<string, string> = {
  AUTH_USER: 'AUTH_USERS',
  auth_users: 'AUTH_USERS',
  AUTH_TOKEN_FILE: 'AUTH_TOKENS_FILE',
  TRUSTED_PROXY: 'TRUST_PROXY',
  LOGLEVEL: 'LOG_LEVEL',
  DATABASE_URI: 'DATABASE_URL',
  PORTS: 'PORT',
  OTEL_SDK_DISABLE: 'OTEL_SDK_DISABLED',
  OTEL_EXPORTER_OTLP_ENPOINT: 'OTEL_EXPORTER_OTLP_ENDPOINT',
}
for (const [variable, similar] of Object.entries(SIMILAR)) {
  t.test(`${variable} is reported as similar to ${similar}`, async (t) => {
    t.strictSame(findUnknownVariables({ [variable]: 'x' }, []), [{ variable, similar }])
  })
}

t.test('every unknown variable in .env is reported', async (t) => {
  const unknown = [{ variable: 'COLOUR', similar: undefined }]
  t.strictSame(findUnknownVariables({ COLOUR: 'x' }, ['COLOUR']), unknown)
  t.strictSame(findUnknownVariables({ COLOUR: 'x' }, []), [])
})

t.test('a variable in .env can be similar to one of another program', async (t) => {
  const env = { NODE_OPTION: 'x', PGBOUNCER: 'x' }
  t.strictSame(findUnknownVariables(env, Object.keys(env)), [
    { variable: 'NODE_OPTION', similar: 'NODE_OPTIONS' },
    { variable: 'PGBOUNCER', similar: undefined },
  ])
  t.strictSame(findUnknownVariables(env, []), [])
})

t.test('variables of the service and of other programs are not reported', async (t) => {
  const known = Object.keys(Environment.properties)
  const files = SECRETS.map((name) => `${name}_FILE`)
  const others =
    'PATH HOME HOSTNAME TERM USER TZ NODE_OPTIONS PGSSLROOTCERT OTEL_EXPORTER_OTLP_HEADERS'
  const names = [...known, ...files, ...others.split(' ')]
  const env = Object.fromEntries(names.map((name) => [name, 'x']))
  t.strictSame(findUnknownVariables(env, [...known, 'NODE_OPTIONS', 'TZ']), [])
})
