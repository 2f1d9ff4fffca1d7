/**
 * Reads a password from standard input, and prints an entry for AUTH_USERS. With --token, prints a new bearer token
 * and its entry for AUTH_TOKENS. The password is not an argument, since other users of the machine can see arguments.
 */
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { parseAccounts } from '../../plugins/auth/accounts.ts'
import { hashPassword } from '../../plugins/auth/password.ts'
import { createToken, digestToken } from '../../plugins/auth/token.ts'
import { messageOf } from '../error-message.ts'

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
    return `AUTH_USERS='${entryOf(name, values.scopes, await hashPassword(await readPassword()))}'`
  }
  const token = createToken()
  const entry = entryOf(name, values.scopes, digestToken(token))
  return `# the token is ${token}\nAUTH_TOKENS='${entry}'`
}

/** @throws {Error} if the entry would not be parsed as this account */
function entryOf(name: string, scopes: string, secret: string): string {
  const entry = `${name}:${scopes}:${secret}`
  if (!isParsable(entry, name, secret)) {
    throw new Error(
      'the name must not contain white space, a colon or a quote; scopes are words separated by commas',
    )
  }
  return entry
}

function isParsable(entry: string, name: string, secret: string): boolean {
  try {
    const [account] = parseAccounts(entry, (text) => text === secret)
    return account?.name === name && !entry.includes("'")
  } catch {
    return false
  }
}

/** Reads the first line of standard input that is not empty. */
async function readPassword(): Promise<string> {
  process.stderr.write('password: ')
  for await (const line of createInterface({ input: process.stdin })) if (line) return line
  throw new Error('no password on standard input')
}
