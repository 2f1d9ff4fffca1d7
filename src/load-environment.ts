/** Adds the variables of the file `.env` to the environment, and finds variables that nothing reads. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import leven from 'leven'
import { ConfigError } from './config-error.ts'
import { Environment, RENAMED_VARIABLES, SECRETS } from './environment.ts'
import { messageOf } from './error-message.ts'
import type { Variables } from './read-environment.ts'
import { isSystemError } from './system-error.ts'

/**
 * Adds the variables of `.env` to the environment, if the file exists. Variables that are already set stay as they are.
 *
 * @returns names of the variables in the file
 * @throws {ConfigError} if the file cannot be read
 */
export function loadEnvironment(env: Variables = process.env, file = '.env'): string[] {
  const variables = readVariables(file)
  for (const [name, value] of Object.entries(variables)) env[name] ??= value
  return Object.keys(variables)
}

function readVariables(file: string): Variables {
  try {
    return parseEnv(decode(readFileSync(file)))
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return {}
    throw new ConfigError(`${file} cannot be read: ${messageOf(error)}`)
  }
}

/** Decodes UTF-8, and UTF-16 if the text begins with a byte order mark, as some editors and shells write it. */
function decode(bytes: Buffer): string {
  const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
  if (text.includes('\0')) throw new Error('it has null characters: save it as UTF-8')
  return text
}

function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/** A variable that the service does not read. */
export interface UnknownVariable {
  variable: string
  /** Variable of the service with a similar name. */
  similar: string | undefined
}

const KNOWN = [
  ...Object.keys(Environment.properties),
  ...SECRETS.map((name) => `${name}_FILE`),
  ...Object.keys(RENAMED_VARIABLES),
]

/** Variables that Node, the C library, and the packages of PostgreSQL and OpenTelemetry read. */
const OF_OTHERS = /^(?:NODE_|UV_|SSL_CERT_|PG|OTEL_|NO_COLOR$|FORCE_COLOR$|TZ$)/

/**
 * Returns variables that were probably meant for the service, although it does not read them: all that are in `.env`,
 * and others whose name is similar to that of a variable of the service.
 *
 * @param inFile names of the variables in `.env`
 */
export function findUnknownVariables(env: Variables, inFile: string[]): UnknownVariable[] {
  const unknown = Object.keys(env).filter((name) => !KNOWN.includes(name) && !OF_OTHERS.test(name))
  return unknown
    .map((variable) => ({ variable, similar: KNOWN.find((name) => isSimilar(name, variable)) }))
    .filter(({ variable, similar }) => similar !== undefined || inFile.includes(variable))
}

/** Length from which names may differ in two characters. Shorter names are similar by chance, such as HOST and HOME. */
const LONG_NAME = 8

function isSimilar(known: string, name: string): boolean {
  const limit = known.length < LONG_NAME ? 1 : 2
  return leven(known, name.toUpperCase(), { maxDistance: limit + 1 }) <= limit
}
