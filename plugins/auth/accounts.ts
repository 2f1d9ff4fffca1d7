import { type Static, Type } from 'typebox'

/** An account that may authenticate; an operator writes it as `name:scopes:secret`. */
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
 * Reads a list of accounts: entries `name:scopes:secret` with white space between them, scopes with
 * commas between them. A name holds no colon, as in Basic credentials (RFC 7617 §2).
 *
 * @throws {Error} that gives the position of the entry and not its text, which may be a secret.
 */
export function parseAccounts(text: string, isSecret: (text: string) => boolean): Account[] {
  const accounts = text
    .split(/\s+/)
    .filter(Boolean)
    .map((entry, index) => {
      const { name = '', scopes = '', secret = '' } = ENTRY.exec(entry)?.groups ?? {}
      if (!isSecret(secret)) {
        throw new Error(
          `entry ${index + 1} is not of the form name:scopes:hash, as "npm run hash-secret" makes it`,
        )
      }
      return { name, scopes: scopes.split(',').filter(Boolean), secret }
    })
  const names = accounts.map(({ name }) => name)
  const repeated = names.findIndex((name, index) => names.indexOf(name) < index)
  if (repeated >= 0) throw new Error(`entry ${repeated + 1} has the name of one before it`)
  return accounts
}
