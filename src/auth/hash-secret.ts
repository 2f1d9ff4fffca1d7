import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { parseAccounts } from './accounts.ts'
import { hashPassword } from './password.ts'
import { createToken, digestToken } from './token.ts'

// Makes an entry for AUTH_USERS out of a password read from standard input, or with --token a
// bearer token and its entry for AUTH_TOKENS. A password is never an argument: others could read it.

const { values, positionals } = parseArgs({
  options: {
    token: { type: 'boolean', default: false },
    scopes: { type: 'string', default: 'write' },
  },
  allowPositionals: true,
})
const [name = 'admin'] = positionals

try {
  if (values.token) {
    const token = createToken()
    const entry = entryOf(digestToken(token))
    console.log(`# the token is ${token}\nAUTH_TOKENS='${entry}'`)
  } else {
    console.log(`AUTH_USERS='${entryOf(await hashPassword(await readPassword()))}'`)
  }
} catch (error) {
  console.error(`hash-secret: ${(error as Error).message}`)
  process.exitCode = 1
}

/** The entry, which must be one and read back as what was asked for. */
function entryOf(secret: string): string {
  const entry = `${name}:${values.scopes}:${secret}`
  if (!readsBack(entry, secret)) {
    throw new Error(
      'a name holds no white space, colon or quote; scopes are words with commas between them',
    )
  }
  return entry
}

function readsBack(entry: string, secret: string): boolean {
  try {
    const [account] = parseAccounts(entry, (text) => text === secret)
    return account?.name === name && !entry.includes("'")
  } catch {
    return false
  }
}

/** Reads the first line of standard input. */
async function readPassword(): Promise<string> {
  process.stderr.write('password: ')
  for await (const line of createInterface({ input: process.stdin })) if (line) return line
  throw new Error('there is no password on standard input')
}
