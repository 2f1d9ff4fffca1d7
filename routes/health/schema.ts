import { Type } from 'typebox'
import { problems, textOrData } from '../../src/schemas/responses.ts'

const Health = Type.Object(
  { status: Type.String({ description: 'That it is alive, or ready' }) },
  { title: 'Health' },
)

export const readLiveness = {
  operationId: 'readLiveness',
  summary: 'Tell that the process answers',
  response: { 200: textOrData('The process answers', Health), ...problems() },
} as const

export const readReadiness = {
  operationId: 'readReadiness',
  summary: 'Tell whether the service can do its work',
  description:
    'Requests should come here only while this is 200. A 503 names the parts that are not ready: ' +
    'draining (the service is about to end), database, migrations, and those of other plugins.',
  response: { 200: textOrData('The service is ready', Health), ...problems(503) },
} as const
