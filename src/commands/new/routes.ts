/** Writes `index.ts`. */
import { camelCase } from './names.ts'
import { listPath, parameterOf, type Resource } from './resource.ts'

export function writeRoutes(resource: Resource): string {
  const { type, singular, plural, parent } = resource
  const path = listPath(resource)
  return `${imports(resource)}

const LIST = '${path}'
const ITEM = \`\${LIST}/:${parameterOf(resource)}\`

const routes: FastifyPluginAsyncTypebox = async (app) => {
  ${parent ? `const ${camelCase(parent.folder)} = app.store(create${parent.type}Store)` : ''}
  const ${plural} = app.store(create${type}Store)
  const onRequest = app.requireAuth('write')
  const conditional = { onRequest, config: { requiresIfMatch: true } } as const

  ${collectionRoutes(resource)}

  ${readAndReplace(resource)}

  ${patchAndDelete(resource)}

  ${helpers(resource)}
}
export default routes

const readNew${type} = compileReader(New${type})

function represent(reply: FastifyReply, { ${singular}, ...version }: Versioned${type}) {
  return reply.version(version).represent({ 'application/json': ${singular} })
}

${declaration(resource)}`
}

function imports(resource: Resource): string {
  const { type, singular, pluralType, parent } = resource
  const operations = ['create', 'delete', 'patch', 'read', 'replace'].map(
    (verb) => `${verb}${type}`,
  )
  const names = [`list${pluralType}`, `New${type}`, `type ${type}Params`, `${singular}List`]
  return `import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply${parent ? ', FastifyRequest' : ''} } from 'fastify'
import type { Static } from 'typebox'
import { existing } from '../../src/http/http-error.ts'
import { describePage, readPageRequest } from '../../src/http/pagination.ts'
import { applyPatch, validatePatched } from '../../src/http/patch.ts'
import { isUnchanged, writeExpected } from '../../src/http/preconditions.ts'
import { compileReader } from '../../src/http/validation.ts'
${parent ? `import type { ${parent.type}Params } from '../${parent.folder}/schema.ts'` : ''}
${parent ? `import { create${parent.type}Store } from '../${parent.folder}/store.ts'` : ''}
import { ${[...operations, ...names].join(', ')} } from './schema.ts'
import { create${type}Store, type Versioned${type} } from './store.ts'`
}

function collectionRoutes(resource: Resource): string {
  const { type, singular, plural, pluralType, parent } = resource
  const id = parameterOf(resource)
  const list = parent ? 'params, query, headers' : 'query, headers'
  const current = parent
    ? `({ params }: FastifyRequest) => readList(params as ${parent.type}Params, {})`
    : '() => readList({})'
  const created = parent ? `params.${parent.parameter}, body` : 'body'
  return `app.get(LIST, { schema: list${pluralType} }, async ({ ${list} }, reply) => {
    const { items, fields, version } = await readList(${list})
    reply.headers(fields).version({ version })
    return { items }
  })

  const currentVersion = ${current}
  const creation = { onRequest, config: { currentVersion } }
  app.post(LIST, { schema: create${type}, ...creation }, async (request, reply) => {
    const { ${parent ? 'params, ' : ''}body } = request
    const created = await request.idempotent(create${type}Store, (${plural}) => ${plural}.create(${created}))
    const location = app.urlFor('read${type}', { ${parent ? '...params, ' : ''}${id}: created.${singular}.id })
    return represent(reply.code(201).header('location', location), created)
  })`
}

function readAndReplace({ type, singular }: Resource): string {
  return `app.get(ITEM, { schema: read${type} }, async ({ params }, reply) =>
    represent(reply, await findExisting(params)),
  )

  app.put(ITEM, { schema: replace${type}, ...conditional }, async ({ params, headers, body }, reply) => {
    const replaced = await writeExpected(
      headers,
      () => findExisting(params),
      (found) => replaceChanged(params, found, body),
    )
    return represent(reply, replaced)
  })

  app.patch(
    ITEM,
    { schema: patch${type}, ...conditional },
    async ({ params, headers, mediaType, body }, reply) => {
      const patched = await writeExpected(
        headers,
        () => findExisting(params),
        (found) => {
          const { id: _id, ...fields } = Object(applyPatch(mediaType, found.${singular}, body))
          return replaceChanged(params, found, validatePatched(() => readNew${type}(fields)))
        },
      )
      return represent(reply, patched)
    },
  )`
}

function patchAndDelete(resource: Resource): string {
  const { type, plural } = resource
  return `app.delete(ITEM, { schema: delete${type}, ...conditional }, async ({ params, headers }, reply) => {
    await writeExpected(
      headers,
      () => findExisting(params),
      ({ version }) => ${plural}.delete(${keyOf(resource)}, version),
    )
    return reply.code(204).send()
  })`
}

function keyOf(resource: Resource): string {
  return resource.parent ? 'params' : `params.${parameterOf(resource)}`
}

function helpers(resource: Resource): string {
  const { type, singular, plural, pluralType, parent } = resource
  const params = parent ? `params: ${parent.type}Params, ` : ''
  return `async function readList(${params}query: Static<typeof ${singular}List.query>, headers?: IncomingHttpHeaders) {
    ${parent ? `existing(await ${camelCase(parent.folder)}.find(params.${parent.parameter}))` : ''}
    const url = app.urlFor('list${pluralType}'${parent ? ', params' : ''})
    const page = await ${plural}.list(readPageRequest(${singular}List, url, query, headers)${parent ? `, params.${parent.parameter}` : ''})
    return { items: page.items, ...describePage(url, query, page) }
  }

  async function findExisting(params: ${type}Params) {
    return existing(await ${plural}.find(${keyOf(resource)}))
  }

  async function replaceChanged(params: ${type}Params, found: Versioned${type}, ${singular}: New${type}) {
    if (isUnchanged(found.${singular}, ${singular}, ['id'])) return found
    return ${plural}.replace(${keyOf(resource)}, found.version, ${singular})
  }`
}

function declaration({ type, pluralType, parent }: Resource): string {
  return `declare module '../../plugins/routing/index.ts' {
  interface NamedRoutes {
    list${pluralType}: ${parent ? `${parent.type}Params` : 'null'}
    read${type}: ${type}Params
  }
}
`
}
