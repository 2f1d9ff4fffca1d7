/** Reads a password from standard input. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Returns the first line of standard input. A terminal does not show it. */
export async function readPassword(prompt: string): Promise<string> {
  const line = await (process.stdin.isTTY ? readTerminal(prompt) : readPipe(prompt))
  // Clients send passwords in UTF-8 (RFC 7617 §2.1). The decoder replaces other bytes by U+FFFD.
  if (line.includes('\uFFFD')) {
    throw new Error('the password is not valid UTF-8; use a terminal or a file with UTF-8')
  }
  return line
}

/** Returns an empty line if the user ends the input. */
async function readTerminal(prompt: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  process.stderr.write(prompt) // only now, since the terminal would show what is typed earlier
  const { promise, resolve } = Promise.withResolvers<string>()
  lines.once('line', resolve).once('close', () => resolve(''))
  const line = await promise
  lines.close()
  process.stderr.write('\n')
  return line
}

/** `node:readline` would also end a line at U+2028. */
async function readPipe(prompt: string): Promise<string> {
  process.stderr.write(prompt)
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) {
    chunks.push(chunk)
    if (chunk.includes('\n')) break
  }
  return Buffer.concat(chunks)
    .toString()
    .replace(/\r?\n.*/s, '')
}
