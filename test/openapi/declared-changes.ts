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
export const DECLARED_CHANGES: DeclaredChange[] = [...OF_RESOURCES]
