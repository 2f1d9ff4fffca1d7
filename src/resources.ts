import { join } from 'node:path'

/** The folder of the plugins: `NAME.ts`, or `NAME/index.ts` with `NAME/migrations` beside it. */
export const PLUGINS = join(import.meta.dirname, '../plugins')

/**
 * Folders of resources. Each resource is a folder in one of them: `NAME/index.ts` registers its routes, and
 * `NAME/migrations` creates its tables. An application that embeds the service adds folders of its own before
 * it opens a database or builds an app.
 */
export const RESOURCES: string[] = [join(import.meta.dirname, '../routes')]
