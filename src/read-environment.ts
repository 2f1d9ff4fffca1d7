/** Reads environment variables with their defaults and types, and describes those that are invalid. */
import { readFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { ConfigError } from './config-error.ts'
import { Environment, RENAMED_VARIABLES, SECRETS } from './environment.ts'
import { messageOf } from './error-message.ts'
import { compileValidator, type ValidationError } from './http/validation.ts'

/** Environment variables by name, as text; an empty variable counts as absent. */
export type Variables = Record<string, string | undefined>

/** Environment variables by name, with their types. */
export type Settings = Static<typeof Environment>

/** Variables that the database commands need. */
const DatabaseEnvironment = Type.Pick(Environment, [
  'DATABASE_URL',
  'DATABASE_TIMEOUT',
  'DATABASE_CONNECTIONS',
])

const validate = compileValidator(Environment, 'querystring')
const validateDatabase = compileValidator(DatabaseEnvironment, 'querystring')

/** @throws {ConfigError} for the first variable that is invalid or was renamed */
export function readEnvironment(env: Variables): Settings {
  refuseRenamed(env)
  const variables = withSecrets(env)
  const result = validate(withDefaults(variables))
  if ('error' in result) throw describeViolation(variables, result.error)
  return result.value as Settings // validated above
}

/**
 * Reads the variables that the database commands need; the others may be invalid.
 *
 * @param urlName name for `DATABASE_URL` in errors, if the value is from another source
 * @throws {ConfigError} for the first variable that is invalid
 */
export function readDatabaseEnvironment(env: Variables, urlName = 'DATABASE_URL') {
  const variables = withSecrets(env)
  const result = validateDatabase(withDefaults(variables))
  if ('error' in result) throw describeViolation(variables, result.error, { DATABASE_URL: urlName })
  return result.value as Static<typeof DatabaseEnvironment> // validated above
}

/** Adds the secrets whose files are named, as Docker and Kubernetes mount them. */
function withSecrets(env: Variables): Variables {
  const files = SECRETS.filter((key) => env[`${key}_FILE`])
  return { ...env, ...Object.fromEntries(files.map((key) => [key, readSecret(env, key)])) }
}

/** @throws {ConfigError} if the file cannot be read or is empty, and if the variable is set too */
function readSecret(env: Variables, key: string): string {
  const path = String(env[`${key}_FILE`])
  if (env[key]) throw new ConfigError(`${key} and ${key}_FILE are both set: remove one of them`)
  const secret = readText(`${key}_FILE`, path).trim()
  if (secret) return secret
  // The default of an absent variable would replace the secret, such as the public accounts of the tutorial.
  throw new ConfigError(
    `${key}_FILE is ${JSON.stringify(path)}: the file is empty; write the value of ${key} to it, or unset ${key}_FILE`,
  )
}

function readText(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(`${variable} is ${JSON.stringify(path)}: ${messageOf(error)}`)
  }
}

function withDefaults(env: Variables) {
  const keys = Object.keys(Environment.properties)
  // OpenTelemetry ignores the case of its booleans.
  const variables: Variables = { ...env, OTEL_SDK_DISABLED: env.OTEL_SDK_DISABLED?.toLowerCase() }
  return Object.fromEntries(keys.map((key) => [key, variables[key] || defaultOf(key)]))
}

/** Returns the default of a variable; undefined for an unknown variable. */
export function defaultOf(key: string): unknown {
  return keywordsOf(key).default
}

function keywordsOf(key: string): { default?: unknown; description?: string } {
  // The TypeScript type of a schema lacks keywords such as `default`.
  return (Environment.properties as Record<string, object>)[key] ?? {}
}

/** Refuses old names of variables, which would otherwise be silently ignored. */
function refuseRenamed(env: Variables) {
  const found = Object.keys(RENAMED_VARIABLES).find((key) => env[key])
  if (found) throw new ConfigError(`${found} was renamed: set ${RENAMED_VARIABLES[found]} instead`)
}

function describeViolation(
  env: Variables,
  { violations }: ValidationError,
  names: Record<string, string> = {},
) {
  const key = String(violations[0]?.pointer.slice(1))
  return new ConfigError(
    `${names[key] ?? key} is ${JSON.stringify(withoutPassword(env[key]))}: ${violations[0]?.message} (${keywordsOf(key).description})`,
  )
}

/**
 * Hides the password in a URL. The password can be before the host (RFC 3986 §3.2.1), or in a query parameter that
 * libpq accepts.
 */
function withoutPassword(value = ''): string {
  return value.replace(/:.*@/s, ':…@').replace(/(password\s*=).*/is, '$1…')
}

/**
 * Reads a list that is separated by spaces or commas.
 *
 * @throws {ConfigError} for the first item that is invalid
 */
export function readList(key: string, text: string, isItem: (item: string) => boolean): string[] {
  const items = text.split(/[\s,]+/).filter(Boolean)
  const invalid = items.find((item) => !isItem(item))
  if (invalid === undefined) return items
  throw new ConfigError(
    `${key} is ${JSON.stringify(text)}: ${JSON.stringify(invalid)} is invalid (${keywordsOf(key).description})`,
  )
}
