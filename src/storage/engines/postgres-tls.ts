/** TLS to PostgreSQL, with the modes of libpq (postgresql.org/docs/current/libpq-ssl.html). */
import { readFileSync } from 'node:fs'
import { getCACertificates } from 'node:tls'
import type { ClientConfig } from 'pg'
import { messageOf } from '../../error-message.ts'
import { StorageError } from '../database.ts'

/** The option `ssl` of a connection: false for none. */
export type Tls = Exclude<ClientConfig['ssl'], undefined>

type Parameters = Record<string, string | undefined>

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']

/** Hosts to which TLS protects nothing, so that it is not the default. */
const LOOPBACK = /^(?:\/|localhost$|127\.|::1$)/

/**
 * Returns the values of the option `ssl` to try, in order: `prefer` and `allow` try with and without TLS.
 *
 * @param env variables of libpq that replace absent parameters
 * @throws {StorageError} for a mode that is unknown or cannot verify the server, and for an unreadable file
 */
export function readTls(host: string, parameters: Parameters, env: Parameters): Tls[] {
  const read = (name: string) => parameters[name] || env[`PG${name.toUpperCase()}`]
  const root = read('sslrootcert')
  const mode = read('sslmode') || defaultMode(host, root)
  requireMode(mode, root)
  if (mode === 'disable' || host.startsWith('/')) return [false]
  const tls = {
    ...readFiles({ cert: read('sslcert'), key: read('sslkey') }),
    ...(parameters.sslpassword && { passphrase: parameters.sslpassword }),
    ...verification(mode, root),
  }
  if (mode === 'allow') return [false, tls]
  return mode === 'prefer' ? [tls, false] : [tls]
}

/** Returns libpq's default, except that nothing is encrypted within the machine. */
function defaultMode(host: string, root: string | undefined): string {
  if (root === 'system') return 'verify-full'
  return LOOPBACK.test(host) ? 'disable' : 'prefer'
}

function requireMode(mode: string, root: string | undefined) {
  if (!MODES.includes(mode)) {
    throw new StorageError(`sslmode is ${JSON.stringify(mode)}: use one of ${MODES.join(', ')}`)
  }
  if (root === 'system' && mode !== 'verify-full') {
    throw new StorageError(
      `sslmode is ${mode}: sslrootcert=system requires verify-full, since anyone can get a certificate of a public authority`,
    )
  }
  if (root || !mode.startsWith('verify-')) return
  throw new StorageError(
    `sslmode is ${mode}: set sslrootcert to the file of the server's certificate authority, or to system for the authorities of the operating system`,
  )
}

/** Includes the authorities of Node, since a slim container image has none. */
const publicAuthorities = () => [...getCACertificates('system'), ...getCACertificates('default')]

/** Without a root certificate, the modes up to `require` accept any certificate. */
function verification(mode: string, root: string | undefined) {
  if (!root || mode === 'allow' || mode === 'prefer') return { rejectUnauthorized: false }
  const ca = root === 'system' ? { ca: publicAuthorities() } : readFiles({ ca: root })
  return mode === 'verify-full' ? ca : { ...ca, checkServerIdentity: () => undefined }
}

function readFiles(files: Record<string, string | undefined>): Record<string, string> {
  const named = Object.entries(files).filter((pair): pair is [string, string] => Boolean(pair[1]))
  try {
    return Object.fromEntries(named.map(([name, file]) => [name, readFileSync(file, 'utf8')]))
  } catch (error) {
    throw new StorageError(`a certificate of PostgreSQL cannot be read: ${messageOf(error)}`)
  }
}

/** SQLSTATE of a server that accepts no such connection, also because it is encrypted or not. */
const INVALID_AUTHORIZATION = '28000'

/** Returns true if the server may accept a connection with TLS instead of without, or the other way round. */
export function refusesTls(error: unknown): boolean {
  const { code, message } = Object(error)
  return code === INVALID_AUTHORIZATION || message === 'The server does not support SSL connections'
}
