import { join } from 'node:path'

/** Folders that hold resources. */
export interface Resources {
  /** A folder for each: its `index.ts` registers what the resource answers. */
  routes: string
  /** The steps that make their tables: `NNN-name.ts`. */
  migrations: string
}

/**
 * Where the service finds its resources. An application that embeds it adds folders of its own, before it
 * opens a database or builds an app.
 */
export const RESOURCES: Resources[] = [
  {
    routes: join(import.meta.dirname, '../routes'),
    migrations: join(import.meta.dirname, 'storage/migrations'),
  },
]
