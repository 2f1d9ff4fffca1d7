import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
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

if (values.token) {
  const token = createToken()
  console.log(`# the token is ${token}`)
  console.log(`AUTH_TOKENS='${name}:${values.scopes}:${digestToken(token)}'`)
} else {
  const input = createInterface({ input: process.stdin, output: process.stderr })
  const password = await input.question('password: ')
  input.close()
  console.log(`AUTH_USERS='${name}:${values.scopes}:${await hashPassword(password)}'`)
}
