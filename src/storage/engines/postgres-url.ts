/**
 * URLs of PostgreSQL, with the syntax and the meaning of libpq
 * (postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS). The parser of `pg` gives `sslmode` other
 * meanings.
 */
import type { ClientConfig } from 'pg'
import { StorageError } from '../database.ts'
import { readTls, type Tls } from './postgres-tls.ts'

const URL_PARTS =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<host>\[[^\]]*\]|[^:@/?]*)(?::(?<port>\d*))?(?:\/(?<dbname>[^?]*))?(?:\?(?<parameters>.*))?$/s

/** Parameters that are read. The first ones can also be in another part of the URL. */
const PARAMETERS = [
  'user',
  'password',
  'host',
  'port',
  'dbname',
  'application_name',
  'options',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslpassword',
  'sslnegotiation',
  'channel_binding',
  'target_session_attrs',
]

/** Parameters without effect: the service has time limits of its own, and no GSSAPI. */
const IGNORED = /^(?:connect_timeout|keepalives\w*|tcp_user_timeout|gssencmode)$/

type Parameters = Record<string, string | undefined>

/** Options of a connection. */
export interface PostgresAddress {
  config: ClientConfig
  /** Values of the option `ssl` to try, in order. */
  tls: Tls[]
}

/** @throws {StorageError} for a URL that cannot be used. The message contains no part of the URL that may be secret */
export function readPostgresUrl(url: string, env: Parameters = process.env): PostgresAddress {
  const parameters = readParameters(url)
  const host = parameters.host || env.PGHOST || 'localhost'
  if (host.includes(',')) throw wrongUrl('it names several hosts: name one')
  refuseUnsupported(parameters, env)
  return {
    config: {
      host,
      ...optional('port', Number(parameters.port)),
      ...optional('user', parameters.user),
      ...optional('password', parameters.password),
      ...optional('database', parameters.dbname),
      ...optional('application_name', parameters.application_name),
      // URLSearchParams writes a space as +, which libpq does not read.
      ...optional('options', parameters.options?.replaceAll('+', ' ')),
      ...optional('sslnegotiation', parameters.sslnegotiation),
    },
    tls: readTls(host, parameters, env),
  }
}

/** Refuses values that libpq would follow, but `pg` would ignore. */
function refuseUnsupported(parameters: Parameters, env: Parameters) {
  const read = (name: string) =>
    parameters[name] || env[`PG${name.replaceAll('_', '').toUpperCase()}`]
  if (read('hostaddr')) {
    throw wrongUrl('hostaddr is not supported: write the address as the host')
  }
  const binding = read('channel_binding') || 'prefer'
  if (!['prefer', 'disable'].includes(binding)) {
    throw wrongUrl(
      `channel_binding is ${JSON.stringify(binding)}: use prefer or disable, and sslmode=verify-full to be sure of the server`,
    )
  }
  const attributes = read('target_session_attrs') || 'any'
  if (attributes !== 'any') {
    throw wrongUrl(
      `target_session_attrs is ${JSON.stringify(attributes)}: use any, and name the host of the primary server`,
    )
  }
}

/** Removes the passwords from a URL. */
export function withoutPasswords(url: string): string {
  const [address = '', parameters] = url.split(/\?(.*)/s)
  const kept = parameters?.split('&').filter((pair) => !/^(?:ssl)?password=/.test(decode(pair)))
  const query = kept?.length ? `?${kept.join('&')}` : ''
  return address.replace(/(:\/\/[^:@/]*):.*@/s, '$1@') + query
}

function readParameters(url: string): Parameters {
  const { parameters: query, ...parts } = URL_PARTS.exec(url)?.groups ?? {}
  if (parts.host === undefined) {
    throw wrongUrl(
      'write it like postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for an @ in the password and %2F for a /',
    )
  }
  const pairs = query?.split('&').map((pair) => pair.split(/=(.*)/s)) ?? []
  const given = [...Object.entries(parts), ...pairs].filter(([, value]) => value)
  const parameters = Object.fromEntries(given.map((pair) => pair.map((text) => decode(text))))
  const unknown = Object.keys(parameters).find(
    (name) => ![...PARAMETERS, 'hostaddr'].includes(name) && !IGNORED.test(name),
  )
  if (unknown === undefined) {
    return { ...parameters, host: parameters.host?.replace(/^\[(.*)\]$/, '$1') }
  }
  throw wrongUrl(`it has the parameter ${unknown}; supported are ${PARAMETERS.join(', ')}`)
}

function decode(text = ''): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrongUrl('a % in it is not followed by two hexadecimal digits: write %25 for a %')
  }
}

function optional<Value>(name: string, value: Value) {
  return value ? { [name]: value } : {}
}

export function wrongUrl(reason: string): StorageError {
  return new StorageError(`the URL of PostgreSQL cannot be used: ${reason}`)
}
