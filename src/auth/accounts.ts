/** Someone who may authenticate, as an operator writes it down: `name:scopes:secret`. */
export interface Account {
  name: string
  /** What the account may do beyond reading, such as `write`. */
  scopes: string[]
  /** A password hash or a token digest; never the secret itself. */
  secret: string
}

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
