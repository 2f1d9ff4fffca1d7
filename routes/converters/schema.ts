import { type TSchema, Type } from 'typebox'
import { any, float, int, path, string, uuid } from '../../src/schemas/converters.ts'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const Converted = Type.Object(
  {
    type: Type.String({ description: 'Name of the converter' }),
    value: Type.Union([Type.String(), Type.Number()], { description: 'The converted value' }),
  },
  { title: 'Converted', examples: [{ type: 'int', value: 42 }] },
)

function readValue<Params extends TSchema>(operationId: string, value: string, params: Params) {
  return {
    operationId,
    summary: `Convert ${value}`,
    'x-resource': 'Values in a path, by type',
    params,
    response: {
      200: textOrDataResponse('The value', Converted, { example: 'You are reading 42' }),
      ...problemResponses(400),
    },
  } as const
}

export const readString = readValue('readString', 'a text', Type.Object({ value: string() }))
export const readInt = readValue('readInt', 'an integer', Type.Object({ value: int() }))
export const readFloat = readValue('readFloat', 'a number', Type.Object({ value: float() }))
export const readPath = readValue('readPath', 'several segments', Type.Object({ '*': path() }))
export const readUuid = readValue('readUuid', 'a UUID', Type.Object({ value: uuid() }))
export const readAny = readValue(
  'readAny',
  'one of three words',
  Type.Object({ value: any(['about', 'help', 'imprint']) }),
)
