/**
 * Reads a password from standard input, and prints an entry for AUTH_USERS. With --token, prints a new bearer token
 * and its entry for AUTH_TOKENS. The password is not an argument, since other users of the machine can see arguments.
 */
import { isUtf8 } from 'node:buffer'
import { parseArgs } from 'node:util'
import { parseAccounts } from '../../plugins/auth/accounts.ts'
import { hashPassword } from '../../plugins/auth/password.ts'
import { createToken, digestToken } from '../../plugins/auth/token.ts'
import { prepareName, preparePassword } from '../../plugins/auth/user-text.ts'
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

/** @throws {Error} if standard input has no password with which a client could log in */
async function readPassword(): Promise<string> {
  process.stderr.write('password: ')
  const line = decodeText(await readLine())
  const password = preparePassword(line.replace(/\r$/, ''))
  if (!password) throw new Error('the password must not be empty or contain control characters')
  return password
}

/** Reads the first line of standard input. `node:readline` would also end a line at U+2028. */
async function readLine(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) {
    const end = chunk.indexOf('\n')
    chunks.push(end < 0 ? chunk : chunk.subarray(0, end))
    if (end >= 0) break
  }
  return Buffer.concat(chunks)
}

/** @throws {Error} if the bytes are not UTF-8, in which clients send passwords (RFC 7617 §2.1) */
function decodeText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Error('the password is not valid UTF-8; set the terminal to UTF-8')
  return bytes.toString()
}
