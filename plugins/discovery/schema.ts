import { Type } from 'typebox'
import { contentResponse, problemResponses } from '../../src/schemas/responses.ts'
import { LINKSET } from './api-links.ts'

const linkset = { schema: Type.Object({ linkset: Type.Array(Type.Object({})) }) }

/** Hidden, since these documents describe the service and are not part of the API. */
export const readApiCatalog = {
  operationId: 'readApiCatalog',
  hide: true,
  summary: 'Find the documents of the API',
  response: {
    200: contentResponse('The catalog', { [LINKSET]: linkset }, ['Link']),
    ...problemResponses(),
  },
} as const

export const readSecurityContacts = {
  operationId: 'readSecurityContacts',
  hide: true,
  summary: 'Find contacts for reports of vulnerabilities',
  response: {
    200: contentResponse('The contacts', { 'text/plain': { schema: Type.String() } }),
    ...problemResponses(),
  },
} as const
