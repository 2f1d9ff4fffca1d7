/** Adds the variables of the file `.env` to the environment, and finds variables that nothing reads. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import leven from 'leven'
import { ConfigError } from './config-error.ts'
import { Environment, RENAMED_VARIABLES, SECRETS } from './environment.ts'
import { messageOf } from './error-message.ts'
import { VARIABLES_OF_OTHERS } from './known-variables.ts'
import type { Variables } from './read-environment.ts'
import { isSystemError } from './system-error.ts'

/** Contents of `.env`. */
export interface EnvironmentFile {
  /** Names of the variables. */
  names: string[]
  /** Numbers of the lines that are neither an assignment nor a comment. */
  strayLines: number[]
}

/**
 * Adds the variables of `.env` to the environment, if the file exists. Variables that are already set stay as they are.
 *
 * @throws {ConfigError} if the file cannot be read
 */
export function loadEnvironment(env: Variables = process.env, file = '.env'): EnvironmentFile {
  const text = readText(file)
  const variables = parseEnv(text)
  for (const [name, value] of Object.entries(variables)) env[name] ??= value
  return { names: Object.keys(variables), strayLines: findStrayLines(text) }
}

/** An assignment as `parseEnv` reads it. A value in quotes may have several lines. */
const ASSIGNMENT = /^[^\S\n]*[^\s#=][^\n=]*=[^\S\n]*(?:(["'`]).*?\1[^\n]*|[^\n]*)/gms

function findStrayLines(text: string): number[] {
  const rest = text.replace(ASSIGNMENT, (assignment) => assignment.replace(/[^\n]+/g, ''))
  return rest.split('\n').flatMap((line, index) => (/^\s*[^\s#]/.test(line) ? [index + 1] : []))
}

function readText(file: string): string {
  try {
    return decode(readFileSync(file))
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return ''
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

/**
 * Returns variables that were probably meant for the service, although it does not read them: all that are in `.env`,
 * and others whose name is similar to that of a variable of the service.
 *
 * @param inFile names of the variables in `.env`
 */
export function findUnknownVariables(env: Variables, inFile: string[]): UnknownVariable[] {
  const unknown = Object.keys(env).filter(
    (name) => !KNOWN.includes(name) && !VARIABLES_OF_OTHERS.includes(name),
  )
  const similarTo = (names: string[], variable: string) =>
    names.find((name) => isSimilar(name, variable))
  return unknown
    .map((variable) => {
      const others = inFile.includes(variable) ? VARIABLES_OF_OTHERS : []
      return { variable, similar: similarTo([...KNOWN, ...others], variable) }
    })
    .filter(({ variable, similar }) => similar !== undefined || inFile.includes(variable))
}

/** Length from which names may differ in two characters. Shorter names are similar by chance, such as HOST and HOME. */
const LONG_NAME = 8

function isSimilar(known: string, name: string): boolean {
  const limit = known.length < LONG_NAME ? 1 : 2
  return leven(known, name.toUpperCase(), { maxDistance: limit + 1 }) <= limit
}
