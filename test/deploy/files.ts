import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { Environment } from '../../src/environment.ts'
import { defaultOf } from '../../src/read-environment.ts'

const ROOT = new URL('../../', import.meta.url)

export function readText(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8')
}

/** Reads a YAML file. The type parameter lists the members that a test reads. */
export function readYaml<T>(path: string): T {
  return parse(readText(path), { merge: true })
}

/** Names of the environment variables that the service reads. */
export const KEYS = new Set(Object.keys(Environment.properties))

/** Returns the value of a numeric variable, or its default. */
export function numberOf(environment: Record<string, string>, key: string): number {
  return Number(environment[key] ?? defaultOf(key))
}

/** The instructions of the Dockerfile, with their arguments on one line. */
export const INSTRUCTIONS: [name: string, rest: string][] = readText('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter(Boolean)
  .map((line) => {
    const [, name = '', rest = ''] = /^(\w+) (.*)$/.exec(line) ?? []
    return [name, rest]
  })

/** Returns the arguments of the last instruction with this name, which is in the runtime stage. */
export function lastOf(name: string): string {
  return INSTRUCTIONS.findLast(([found]) => found === name)?.[1] ?? ''
}

/** Environment of the service in the container. */
export const CONTAINER_ENVIRONMENT = Object.fromEntries(
  lastOf('ENV')
    .split(' ')
    .map((pair) => pair.split('=', 2) as [string, string]), // no value contains a space
)
