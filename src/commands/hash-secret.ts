/**
 * Reads a password from standard input, and prints an entry for AUTH_USERS. With --token, prints an entry for
 * AUTH_TOKENS, and the new bearer token on standard error, so that `>> .env` does not store the token. The password is
 * not an argument, since other users of the machine can see arguments.
 */
import { parseArgs } from 'node:util'
import { parseAccounts } from '../../plugins/auth/accounts.ts'
import { hashPassword } from '../../plugins/auth/password.ts'
import { createToken, digestToken } from '../../plugins/auth/token.ts'
import { prepareName, preparePassword } from '../../plugins/auth/user-text.ts'
import { messageOf } from '../error-message.ts'
import { weaknessOf } from './password-strength.ts'
import { readPassword } from './read-password.ts'

/** Maximum length of a password. The field Authorization of a longer one may not fit into the head of a request. */
const MAX_PASSWORD_BYTES = 8_192

try {
  console.log(await run())
} catch (error) {
  console.error(`hash-secret: ${messageOf(error)}`)
  process.exitCode = 1
}

async function run(): Promise<string> {
  const { values, positionals } = parseArgs({
    options: {
      token: { type: 'boolean', default: false },
      scopes: { type: 'string', default: 'write' },
    },
    allowPositionals: true,
  })
  const [name = 'admin'] = positionals
  if (!values.token) {
    const hash = await hashPassword(await readNewPassword(name))
    return `AUTH_USERS='${entryOf(name, values.scopes, hash)}'`
  }
  const token = createToken()
  const entry = entryOf(name, values.scopes, digestToken(token))
  console.error(`token: ${token}`)
  return `AUTH_TOKENS='${entry}'`
}

/** @throws {Error} if the entry would not be parsed as this account */
function entryOf(name: string, scopes: string, secret: string): string {
  const entry = `${prepareName(name)}:${scopes}:${secret}`
  if (!isParsable(entry, name, secret)) {
    throw new Error(
      'the name must be UTF-8 without white space, control characters, colons and quotes; ' +
        'scopes are words separated by commas',
    )
  }
  return entry
}

function isParsable(entry: string, name: string, secret: string): boolean {
  try {
    const [account] = parseAccounts(entry, (text) => text === secret)
    return account?.name === prepareName(name) && !entry.includes("'")
  } catch {
    return false
  }
}

/** @throws {Error} if no client could log in with the password, or if the password is easy to guess */
async function readNewPassword(name: string): Promise<string> {
  const password = preparePassword(await readPassword('password: '))
  if (!password) throw new Error('the password must not be empty or contain control characters')
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
    throw new Error(`the password must have at most ${MAX_PASSWORD_BYTES} bytes in UTF-8`)
  }
  const weakness = weaknessOf(password, name)
  if (weakness) throw new Error(weakness)
  return password
}
