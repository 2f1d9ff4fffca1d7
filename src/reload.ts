/** Reload on SIGHUP: opens the log again, and reads the accounts again. */
import type { FastifyBaseLogger } from 'fastify'
import type { Accounts } from '../plugins/auth/replaceable-accounts.ts'
import { flushLog } from '../plugins/logging/logger.ts'
import { type Config, parseConfig } from './config.ts'
import { ConfigError } from './config-error.ts'
import { loadEnvironment } from './load-environment.ts'
import type { Variables } from './read-environment.ts'

const VARIABLES = ['AUTH_USERS', 'AUTH_TOKENS', 'AUTH_USERS_FILE', 'AUTH_TOKENS_FILE']

/** Lets the next line open the log file again. */
export function reopenLog(log: FastifyBaseLogger): void {
  flushLog(log, () => {})
}

/**
 * Opens the log again, and returns the present accounts. If they are invalid, logs the error and returns undefined, so
 * that the earlier accounts stay.
 *
 * @param given the environment without the variables of `.env`
 */
export function reload(
  log: FastifyBaseLogger,
  given: Variables,
  config: Config,
): Accounts | undefined {
  reopenLog(log)
  try {
    const { users = [], tokens = [] } = rereadAccounts(given, config)
    log.info({ accounts: users.length + tokens.length }, 'accounts read again')
    return { users, tokens }
  } catch (err) {
    log.error({ err }, 'accounts cannot be read again')
    return undefined
  }
}

/**
 * Reads the accounts from `.env` and the files of secrets again, into the environment, which new workers inherit.
 *
 * @throws {ConfigError} if they are invalid, or if settings that depend on them would change
 */
function rereadAccounts(given: Variables, { hosts }: Config): Config['auth'] {
  const present = { ...given }
  loadEnvironment(present)
  const variables = Object.fromEntries(VARIABLES.map((name) => [name, present[name] ?? '']))
  const config = parseConfig({ ...process.env, ...variables })
  if (config.hosts.onlyLoopback !== hosts.onlyLoopback) {
    throw new ConfigError(
      "restart the service to change between the tutorial's and your own accounts",
    )
  }
  Object.assign(process.env, variables)
  return config.auth
}
