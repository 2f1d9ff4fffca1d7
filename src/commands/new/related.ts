/** Resources to which a new one refers: its parent, and the targets of references. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export interface Related {
  /** Folder and path: `line-items`. */
  folder: string
  table: string
  /** `lineItem` */
  singular: string
  /** `LineItem` */
  type: string
  /** Parameter of the path: `lineItemId`. */
  parameter: string
  /** Id of the resource that the last example creates. */
  exampleId: number
  /** Bodies that create it: the first and the last example of the schema. */
  examples: [object, object]
  hasSeed: boolean
  /** Resources to which its examples refer, and those to which these refer. */
  required: Related[]
}

interface Schema {
  properties?: Record<string, Schema>
  examples?: unknown[]
  'x-references'?: string
}

/**
 * Loads a resource that follows the conventions of docs/extending.md.
 *
 * @throws {Error} if there is no such resource, or if it does not follow the conventions
 */
export async function loadRelated(root: string, folder: string): Promise<Related> {
  const path = join(root, 'routes', folder)
  if (!/^[a-z\d-]+$/.test(folder) || !existsSync(join(path, 'index.ts'))) {
    throw new Error(`there is no resource ${folder}: create it first, as routes/${folder}`)
  }
  const { schemas, stores } = await importFrom(path, folder)
  const types = Object.keys(stores).flatMap((name) => /^create(\w+)Store$/.exec(name)?.[1] ?? [])
  const idsOf = (each: string) =>
    Object.entries<Schema>(Object(schemas[`${each}Params`]).properties ?? {})
  const type = types.find((each) => schemas[`create${each}`] && idsOf(each).length > 0)
  if (!type) {
    throw new Error(
      `routes/${folder} must export createXStore from store.ts, and createX and XParams from schema.ts, as docs/extending.md shows for books`,
    )
  }
  const { body }: { body: Schema } = schemas[`create${type}`]
  const [[parameter, id], ...others] = idsOf(type) as [[string, Schema]] // not empty
  if (others.length > 0) {
    throw new Error(
      `${folder} is within another resource: docs/extending.md shows what its own resources need`,
    )
  }
  const { examples = [] } = body
  const paths = Object.values(body.properties ?? {}).flatMap((each) => each['x-references'] ?? [])
  const targets = await Promise.all(paths.map((each) => loadRelated(root, each.slice(1))))
  return {
    folder,
    table: folder.replaceAll('-', '_'),
    singular: type.slice(0, 1).toLowerCase() + type.slice(1),
    type,
    parameter,
    exampleId: Number(id.examples?.[0] ?? 1),
    examples: [Object(examples[0]), Object(examples.at(-1))],
    hasSeed: existsSync(join(path, 'seed.ts')),
    required: targets.flatMap((each) => [...each.required, each]),
  }
}

async function importFrom(path: string, folder: string) {
  try {
    const [schemas, stores] = await Promise.all(
      ['schema.ts', 'store.ts'].map((file) => import(join(path, file))),
    )
    return { schemas, stores }
  } catch (error) {
    throw new Error(`routes/${folder} cannot be loaded: ${error}`)
  }
}

/** Returns the resources in the order in which they can be created, each once. */
export function withRequired(related: Related[]): Related[] {
  const all = related.flatMap((each) => [...each.required, each])
  return all.filter(
    ({ folder }, index) => all.findIndex((each) => each.folder === folder) === index,
  )
}
