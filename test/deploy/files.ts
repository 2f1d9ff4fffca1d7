import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { Environment } from '../../src/environment.ts'
import { defaultOf } from '../../src/read-environment.ts'

const ROOT = new URL('../../', import.meta.url)

export function readText(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8')
}

/** Reads YAML as what its reader takes it for: the type lists what a test looks at. */
export function readYaml<T>(path: string): T {
  return parse(readText(path), { merge: true })
}

/** What the service reads out of its environment. */
export const KEYS = new Set(Object.keys(Environment.properties))

/** What a number is where it is not set, or what it is set to. */
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

/** What an instruction of this name says for the last time, which is in the stage that runs. */
export function lastOf(name: string): string {
  return INSTRUCTIONS.findLast(([found]) => found === name)?.[1] ?? ''
}

/** The environment that the container gives the service. */
export const CONTAINER_ENVIRONMENT = Object.fromEntries(
  lastOf('ENV')
    .split(' ')
    .map((pair) => pair.split('=', 2) as [string, string]), // no value has a space in it
)
