import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { consoleExamples, fencedBlocks } from '../docs/console.ts'
import { FAST_START, startServer } from '../server.ts'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')

/** Address of the service in the documents. */
const DOCUMENTED = 'http://127.0.0.1:5000'

for (const document of globSync(['README.md', 'docs/tutorial.md'], { cwd: ROOT })) {
  t.test(`${document} shows the output of its curl commands`, async (t) => {
    const { url } = await startServer(t, {
      ...FAST_START,
      LOG_LEVEL: 'info',
      RATE_LIMIT: '',
      AUTH_FAILURE_LIMIT: '',
    })
    const markdown = await readFile(join(ROOT, document), 'utf8')
    const examples = consoleExamples(markdown)
    t.ok(
      examples.some(({ command }) => command.startsWith('curl ')),
      'the document has curl commands',
    )
    for (const { command, output } of examples) {
      const { stdout } = await run('bash', ['-c', command.replaceAll(DOCUMENTED, url)], {
        cwd: t.testdirName,
      })
      t.equal(masked(stdout.replaceAll(url, DOCUMENTED)), masked(output), command)
    }
  })

  t.test(`${document} has no curl command outside of console blocks`, async (t) => {
    const markdown = await readFile(join(ROOT, document), 'utf8')
    for (const { language, lines } of fencedBlocks(markdown)) {
      const commands = lines.filter((line) => /\bcurl /.test(line))
      if (language === 'console')
        t.ok(
          commands.every((line) => line.startsWith('$ ')),
          'each command follows a prompt',
        )
      else t.same(commands, [], `no curl command is in a block with ${language || 'no language'}`)
    }
  })
}

/** Removes values that differ between runs, such as times and random ids. */
function masked(output: string): string {
  return output
    .replaceAll('\r', '')
    .replace(/^(date|ratelimit|x-request-id): .*$/gim, '$1: …')
    .trimEnd()
}
