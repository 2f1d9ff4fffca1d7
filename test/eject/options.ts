import { isBuiltin } from 'node:module'
import { parseArgs } from 'node:util'

export const USAGE = `npm run eject -- NAME [--dry-run]

Turns the project in the current folder into a new service called NAME: deletes the sample resources with their tests
and documents, and writes NAME in all files that have the name of the project, as for the package, the deployment,
metrics and log lines.

NAME       2 to 63 lower-case letters, digits and hyphens, such as "book-shop"; the first character is a letter
--dry-run  lists what would be deleted and renamed, and changes nothing
--help     prints this text`

/** Matches names that npm, container registries and Kubernetes accept. */
const NAME = /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/

export interface EjectOptions {
  name: string
  isDryRun: boolean
}

/**
 * Reads the arguments of `npm run eject`.
 *
 * @param packages names that a service cannot have, since its modules would import the service instead of the package
 * @returns undefined if help is asked for
 * @throws {Error} if an option is unknown, or the name does not fit
 */
export function readOptions(args: string[], packages: string[]): EjectOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    options: { 'dry-run': { type: 'boolean', default: false }, help: { type: 'boolean' } },
    allowPositionals: true,
  })
  if (values.help) return undefined
  const [name = '', ...others] = positionals
  if (others.length > 0) throw new Error(`only one name is accepted, not also ${others.join(', ')}`)
  if (!NAME.test(name)) throw new Error(`the name ${JSON.stringify(name)} does not fit`)
  if (packages.includes(name) || isBuiltin(name)) {
    throw new Error(`the name "${name}" is that of a package which the service uses`)
  }
  return { name, isDryRun: values['dry-run'] }
}
