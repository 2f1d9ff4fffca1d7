import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import t, { type Test } from 'tap'
import { verifyPassword } from '../../../plugins/auth/password.ts'
import { parseConfig } from '../../../src/config.ts'

const COMMAND = fileURLToPath(new URL('../../../src/commands/hash-secret.ts', import.meta.url))

/**
 * Shell script that runs the command, and then prints its exit code, whether the terminal has its mode again, and
 * whether the shell would read more of the typed lines.
 */
const SCRIPT = `
mode=$(stty -g)
"$NODE" "$COMMAND"
echo "exit code: $?"
[ "$(stty -g)" = "$mode" ] && echo mode: restored
read -t 0 && echo rest: for the shell
exit 0
`

/** Runs SCRIPT in a terminal, types the keys after the prompt, and returns all that the terminal shows. */
async function runInTerminal(t: Test, keys: string): Promise<string> {
  const options = ['--quiet', '--echo', 'never', '--command', 'bash -c "$SCRIPT"', '/dev/null']
  const env = { ...process.env, NODE: process.execPath, COMMAND, SCRIPT }
  const child = spawn('script', options, { env })
  t.teardown(() => child.kill())
  let shown = ''
  for await (const chunk of child.stdout) {
    const isPrompted = shown.includes('password: ')
    shown += chunk
    if (!isPrompted && shown.includes('password: ')) child.stdin.write(keys)
  }
  return shown
}

/** 20,000 bytes, of which a terminal passes on at most 4,095 at a time. */
const LONG = `a${Array.from({ length: 2_000 }, (_, index) => String.fromCodePoint(0x20000 + ((index * 7_919) % 40_000))).join('')}`

const TYPED: Record<string, [keys: string, password: string]> = {
  'ended with Enter': ['correct horse battery\r', 'correct horse battery'],
  'ended with Ctrl-J': ['correct horse battery\n', 'correct horse battery'],
  'with a line separator': ['correct\u2028horse battery\r', 'correct\u2028horse battery'],
  'with a paragraph separator': ['correct\u2029horse battery\r', 'correct\u2029horse battery'],
  'with a character removed by Backspace': [
    'correct horsx\x7fe batterx\by\r',
    'correct horse battery',
  ],
  'with an emoji removed by Backspace': [
    'correct \u{1f98a}\x7fhorse battery\r',
    'correct horse battery',
  ],
  'after Backspace on an empty line': ['\x7f\x7fcorrect horse battery\r', 'correct horse battery'],
  'after Ctrl-U': ['wrong horse\x15correct horse battery\r', 'correct horse battery'],
  'of several reads': [`${LONG}\r`, LONG],
  'that is the first of several pasted lines': [
    'correct horse battery\rsecond line\r\nthird line\r',
    'correct horse battery',
  ],
  'before many pasted lines': [
    `correct horse battery\r${'echo another line\r'.repeat(2_000)}`,
    'correct horse battery',
  ],
}

for (const [title, [keys, password]] of Object.entries(TYPED)) {
  t.test(`a terminal does not show a password ${title}`, async (t) => {
    const shown = await runInTerminal(t, keys)
    const [prompt, entry = '', ...rest] = shown.split('\r\n')
    t.equal(prompt, 'password: ')
    t.match(entry, /^AUTH_USERS='.+'$/)
    t.same(rest, ['exit code: 0', 'mode: restored', ''], 'no line is left for the shell')
    const [account] = parseConfig(parseEnv(entry)).auth.users
    t.equal(await verifyPassword(password, String(account?.secret)), true)
  })
}

const ENDINGS: Record<string, [keys: string, shown: RegExp]> = {
  'Ctrl-C is pressed': ['correct horse battery\x03', /^password: \r\nexit code: 130\r\n/],
  'Ctrl-C is pressed at once': ['\x03', /^password: \r\nexit code: 130\r\n/],
  'Ctrl-D is pressed': [
    '\x04',
    /^password: \r\nhash-secret: .+ must not be empty .+\r\nexit code: 1\r\n/,
  ],
  'Ctrl-D is pressed after a password': [
    'correct horse battery\x04',
    /^password: \r\nhash-secret: .+ must not be empty .+\r\nexit code: 1\r\n/,
  ],
  'the first pasted line is too short': [
    'luis\rcorrect horse battery\r',
    /^password: \r\nhash-secret: .+ at least 15 characters.*\r\nexit code: 1\r\n/,
  ],
  'an arrow key is pressed': [
    'correct horse battery\x1b[D\r',
    /^password: \r\nhash-secret: .+ control characters\r\nexit code: 1\r\n/,
  ],
}

for (const [title, [keys, expected]] of Object.entries(ENDINGS)) {
  t.test(`hash-secret ends without an entry if ${title}`, async (t) => {
    const shown = await runInTerminal(t, keys)
    t.match(shown, expected)
    t.match(shown, /\r\nmode: restored\r\n$/)
    t.notMatch(shown, 'AUTH_USERS')
  })
}
