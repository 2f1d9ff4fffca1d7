/**
 * OpenAPI: describes the service in an OpenAPI 3.1 document, generated from the routes' schemas.
 *
 * `document.ts` adds to each operation what routes do not declare: header fields, credentials, and failures that all
 * operations share. A route with `hide: true` in the schema is left out.
 */
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import packageJson from '../../package.json' with { type: 'json' }
import { SCHEME_INFO } from '../../src/http/authentication-schemes.ts'
import { RESPONSE_FIELDS } from '../../src/schemas/response-fields.ts'
import { completeDocument } from './document.ts'
import type { Components, Document } from './openapi.ts'

const DESCRIPTION = `${packageJson.description}.

- **Choose the media type.** Send \`Accept: application/json\`. Without \`Accept\`, operations that have plain text return
  it. Errors are JSON by default, and also available as problem details (RFC 9457), XML, text and HTML.
- **Prevent lost updates.** A write requires \`If-Match\` with the \`ETag\` that was read.
- **Retry safely.** A POST with \`Idempotency-Key\` is executed once.
- **HEAD and OPTIONS.** Each path with GET has HEAD, and each path has OPTIONS. A method that a path lacks gets 405
  with \`Allow\`.`

const INFO = {
  title: packageJson.name,
  version: packageJson.version,
  description: DESCRIPTION,
  license: { name: packageJson.license, identifier: packageJson.license },
}

const SERVERS = [
  { url: '/', description: 'The server that serves this document: local, staging or production' },
]

declare module 'fastify' {
  interface FastifySchema {
    /** Body limit that the route sets itself, in bytes; set by the plugin. */
    'x-body-limit'?: number
  }
  interface FastifyInstance {
    /** Returns the OpenAPI document, always the same object. Call this only after the app is ready. */
    openApiDocument: () => Document
  }
}

async function openApi(app: FastifyInstance) {
  app.addHook('onRoute', (route) => {
    if (route.bodyLimit === undefined) return
    route.schema = { ...route.schema, 'x-body-limit': route.bodyLimit }
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: INFO,
      servers: SERVERS,
      components: { securitySchemes: {} },
    },
    convertConstToEnum: false, // OpenAPI 3.1 supports `const`
  })
  let document: Document | undefined
  app.decorate('openApiDocument', () => {
    // The return type also includes other versions of OpenAPI; the configuration above chooses 3.1.
    document ??= completeDocument(addAuthentication(app.swagger() as unknown as Document, app))
    return document
  })
}

/** Adds the authentication schemes of the service, and the first challenge as the example of WWW-Authenticate. */
function addAuthentication(
  document: Document,
  { authenticationSchemes = [], challenges: [example] = [] }: FastifyInstance,
): Document {
  const schemes = authenticationSchemes.map((name) => [
    name.toLowerCase(),
    SCHEME_INFO[name].openApi,
  ])
  const components: Components = {
    ...document.components,
    headers: example ? { [CHALLENGE]: { ...RESPONSE_FIELDS[CHALLENGE], example } } : {},
    securitySchemes: Object.fromEntries(schemes),
  }
  return { ...document, components }
}

const CHALLENGE = 'WWW-Authenticate'

export default fp(openApi, { name: 'openapi', fastify: '5.x' })
