import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { messageOf } from '../error-message.ts'

/** Thrown if the arguments are not a valid command. */
export class UsageError extends Error {}

/**
 * Parses the arguments of a command.
 *
 * @param count number of arguments that are not options
 * @throws {UsageError}
 */
export function parseArguments(
  args: string[],
  options: ParseArgsOptionsConfig,
  count: number,
  argument: 'FILE' | 'NAME' = 'FILE',
) {
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true })
    if (parsed.positionals.length !== count)
      throw new Error(count ? `name one ${argument}` : 'too many arguments')
    return parsed
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}
