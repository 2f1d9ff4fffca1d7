import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { parseAccounts } from '../../plugins/auth/accounts.ts'
import { hashPassword } from '../../plugins/auth/password.ts'
import { createToken, digestToken } from '../../plugins/auth/token.ts'
import { messageOf } from '../error-message.ts'

// Makes an entry for AUTH_USERS out of a password read from standard input, or with --token a
// bearer token and its entry for AUTH_TOKENS. A password is never an argument: others could read it.

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

/** The entry, which must be one and read back as what was asked for. */
function entryOf(name: string, scopes: string, secret: string): string {
  const entry = `${name}:${scopes}:${secret}`
  if (!readsBack(entry, name, secret)) {
    throw new Error(
      'a name holds no white space, colon or quote; scopes are words with commas between them',
    )
  }
  return entry
}

function readsBack(entry: string, name: string, secret: string): boolean {
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
  throw new Error('there is no password on standard input')
}
