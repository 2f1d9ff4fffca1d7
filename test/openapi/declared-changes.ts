import { globSync } from 'node:fs'
import { join } from 'node:path'

/** A breaking change of the OpenAPI document since the last release that is made on purpose. */
export interface DeclaredChange {
  /** Matches the change as the test prints it, such as `remove paths /books get responses 200 …`. */
  change: RegExp
  reason: string
}

/** Changes of the resources. Each is in the folder of the resource's tests. */
const OF_RESOURCES: DeclaredChange[] = []
const TESTS = join(import.meta.dirname, '../routes')
for (const file of globSync('*/declared-changes.ts', { cwd: TESTS })) {
  OF_RESOURCES.push(...(await import(join(TESTS, file))).DECLARED_CHANGES)
}

/** Changes since the last release. After a release, empty this list and those of the resources. */
export const DECLARED_CHANGES: DeclaredChange[] = [
  ...OF_RESOURCES,
  {
    change: /^remove paths \S+ \w+ responses (?:[45]..|default) content text\/(?:plain|html)$/,
    reason: 'errors are still available as text and HTML, as the description of the API says',
  },
  {
    change: /^remove paths \S+ \w+ responses (?:[45]..|default) content \S+xml schema type$/,
    reason: 'the schema is now a reference beside the name of the XML element',
  },
  {
    change: /^replace paths \/ get responses 200 content application\/xml schema xml name$/,
    reason: 'CHANGELOG.md names the new element',
  },
]
