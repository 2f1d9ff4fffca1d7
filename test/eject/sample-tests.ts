import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRemoved } from './removed.ts'

/** Matches the import that replaces the resources of the service by the fixtures. */
const FIXTURES_ONLY = /^import .*'(?:\.\.\/)+fixtures\/register\.ts'$/m

/** Matches an import with which a test can start the service in another process, which may have the resources of the service. */
const OTHER_PROCESS = /^import .*(?:child_process|\/(?:server|workers|clone)\.ts)'$/m

/**
 * Lists the test files that the samples can make a difference to: those that eject deletes, and those that may run the
 * service with its own resources.
 */
export function listSampleTests(root: string): string[] {
  return globSync('test/**/*.test.ts', { cwd: root, exclude: ['test/reliability/**'] })
    .filter((file) => {
      const source = readFileSync(join(root, file), 'utf8')
      return isRemoved(file) || !FIXTURES_ONLY.test(source) || OTHER_PROCESS.test(source)
    })
    .sort()
}
