/** Accounts from the configuration. */
import { type Static, Type } from 'typebox'
import { prepareName } from './user-text.ts'

export const Account = Type.Object({
  name: Type.String(),
  scopes: Type.Array(Type.String(), {
    description: 'Permissions beyond reading, such as `write`',
  }),
  secret: Type.String({ description: 'Password hash or token digest, never the secret itself' }),
})
export type Account = Static<typeof Account>

const ENTRY = /^(?<name>[^:]+):(?<scopes>[\w.-]*(?:,[\w.-]+)*):(?<secret>.+)$/

/**
 * Parses a list of accounts: entries `name:scopes:secret` separated by white space, scopes separated by
 * commas. A name cannot contain a colon or a control character, as in Basic credentials (RFC 7617 §2).
 *
 * @throws {Error} with the position of an invalid entry, but not its text, which may contain a secret
 */
export function parseAccounts(text: string, isSecret: (text: string) => boolean): Account[] {
  const accounts = text
    .split(/\s+/)
    .filter(Boolean)
    .map((entry, index) => {
      const { name: given = '', scopes = '', secret = '' } = ENTRY.exec(entry)?.groups ?? {}
      const name = prepareName(given)
      if (name === undefined || !isSecret(secret)) {
        throw new Error(
          `entry ${index + 1} does not have the form name:scopes:hash, with a name without control characters; "npm run hash-secret" prints one`,
        )
      }
      return { name, scopes: scopes.split(',').filter(Boolean), secret }
    })
  const names = accounts.map(({ name }) => name)
  const repeated = names.findIndex((name, index) => names.indexOf(name) < index)
  if (repeated >= 0) throw new Error(`entry ${repeated + 1} repeats the name of an earlier entry`)
  return accounts
}
