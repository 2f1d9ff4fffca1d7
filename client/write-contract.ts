/**
 * Writes the types of the contract: `npm run client`.
 *
 * openapi-typescript needs a TypeScript that is a library, which the one that checks this project is
 * not any more. So both are fetched for this alone, and the service's own dependencies stay what they are.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const GENERATOR = ['openapi-typescript@7.13.0', 'typescript@5.9.3']
const CONTRACT = join(import.meta.dirname, '../docs/openapi.yaml')

const packages = GENERATOR.flatMap((name) => ['--package', name])
const words = ['--yes', ...packages, 'openapi-typescript', CONTRACT]
const types = execFileSync('npx', words, { encoding: 'utf8' })
const digest = createHash('sha256').update(readFileSync(CONTRACT)).digest('hex')
writeFileSync(
  join(import.meta.dirname, 'contract.d.ts'),
  `// Made by npm run client of docs/openapi.yaml, whose SHA-256 is ${digest}\n${types}`,
)
