import { join } from 'node:path'

/** The folder of the plugins: `NAME.ts`, or `NAME/index.ts` with `NAME/migrations` beside it. */
export const PLUGINS = join(import.meta.dirname, '../plugins')

/**
 * Folders that contain the folders of resources: `NAME/index.ts` registers the routes of a resource, and
 * `NAME/migrations` creates its tables. An application that embeds the service adds more folders before it opens a
 * database or builds an app.
 */
export const RESOURCES: string[] = [join(import.meta.dirname, '../routes')]
