import { readFileSync } from 'node:fs'
import t from 'tap'

const ROOT = new URL('../', import.meta.url)
const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  scripts: Record<string, string> // `scripts` of package.json maps names to commands
}

for (const [name, command] of Object.entries(scripts)) {
  const [, file] = /^node (?:--\S+ )*(\S+)/.exec(command) ?? []
  if (file === undefined) continue
  t.test(`npm run ${name} runs a file that exists`, async (t) => {
    t.doesNotThrow(() => readFileSync(new URL(file, ROOT)), file)
  })
}
