/** Folders of `routes/` with sample resources. */
export const SAMPLES = [
  'articles',
  'converters',
  'echo',
  'hello',
  'logs',
  'messages',
  'secrets',
  'users',
]

/** Paths that `npm run eject` deletes, because a new service does not need them. */
export const REMOVED = [
  ...SAMPLES.flatMap((name) => [`routes/${name}`, `test/routes/${name}`]),
  'bench',
  'client/example',
  'docs/benchmarks.md',
  'docs/images',
  'docs/tutorial.md',
  'test/bench',
  'test/client/example.test.ts',
  'test/eject',
  'test/openapi/generators',
  'test/openapi/generators.test.ts',
  'test/routes/patch-checks.ts',
  'test/template',
  'test/tutorial',
]

/** Returns true if `npm run eject` deletes a file, by its path in the project. */
export function isRemoved(file: string): boolean {
  return REMOVED.some((path) => file === path || file.startsWith(`${path}/`))
}

/** Files that get the content of the file of the same name in `test/eject`. */
export const REPLACED = ['README.md', 'CHANGELOG.md']

/** Scripts of package.json that need the deleted paths. */
export const SCRIPTS = ['bench', 'check:ejected', 'check:samples', 'eject', 'screenshots']
