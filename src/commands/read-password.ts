/** Reads a password from standard input. */

/** Keys of a terminal in raw mode. */
const ENTER = ['\r', '\n']
const BACKSPACE = ['\x7f', '\b']
const CTRL_C = '\x03'
const CTRL_D = '\x04'
const CTRL_U = '\x15'

/** Exit code that a shell states for a program that Ctrl-C has ended. */
const INTERRUPTED = 130

/** Returns the first line of standard input. A terminal does not show it. Ends the process on Ctrl-C. */
export async function readPassword(prompt: string): Promise<string> {
  process.stdin.setEncoding('utf8')
  const line = await (process.stdin.isTTY ? readTerminal(prompt) : readPipe(prompt))
  // Clients send passwords in UTF-8 (RFC 7617 §2.1). The decoder replaces other bytes by U+FFFD.
  if (line.includes('\uFFFD')) {
    throw new Error('the password is not valid UTF-8; use a terminal or a file with UTF-8')
  }
  return line
}

/** Uses raw mode, since `node:readline` would also end a line at U+2028. Node restores the mode at the end. */
async function readTerminal(prompt: string): Promise<string> {
  const { stdin, stderr } = process
  stdin.setRawMode(true)
  stderr.write(prompt) // only now, since the terminal would show what is typed earlier
  const chunks = stdin.iterator({ destroyOnReturn: false })
  const line = typedLine(await readUntil(chunks, [...ENTER, CTRL_C, CTRL_D]))
  stderr.write('\n')
  if (line === undefined) process.exit(INTERRUPTED)
  // Discards further lines of a pasted text, which the shell would run.
  stdin.resume().unref()
  return line
}

/**
 * Returns the first line of the keys, an empty one if the user ends the input, undefined on Ctrl-C. Other control keys
 * become characters, with which the password is refused, since the user would not see their effect.
 */
function typedLine(keys: string): string | undefined {
  const typed: string[] = []
  for (const key of keys) {
    if (key === CTRL_C) return undefined
    if (key === CTRL_D) break
    if (ENTER.includes(key)) return typed.join('')
    if (key === CTRL_U) typed.length = 0
    else if (BACKSPACE.includes(key)) typed.pop()
    else typed.push(key)
  }
  return ''
}

async function readPipe(prompt: string): Promise<string> {
  process.stderr.write(prompt)
  const text = await readUntil(process.stdin, ['\n'])
  return text.replace(/\r?\n.*/s, '')
}

/** Reads all chunks until one has one of the characters. */
async function readUntil(chunks: AsyncIterable<string>, ends: string[]): Promise<string> {
  let text = ''
  for await (const chunk of chunks) {
    text += chunk
    if (ends.some((end) => chunk.includes(end))) break
  }
  return text
}
