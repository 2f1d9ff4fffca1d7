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

function readValue<Params extends TSchema>(operationId: string, params: Params) {
  return {
    operationId,
    summary: 'Convert a part of the path',
    params,
    response: { 200: textOrDataResponse('The value', Converted), ...problemResponses(400) },
  } as const
}

export const readString = readValue('readString', Type.Object({ value: string() }))
export const readInt = readValue('readInt', Type.Object({ value: int() }))
export const readFloat = readValue('readFloat', Type.Object({ value: float() }))
export const readPath = readValue('readPath', Type.Object({ '*': path() }))
export const readUuid = readValue('readUuid', Type.Object({ value: uuid() }))
export const readAny = readValue(
  'readAny',
  Type.Object({ value: any(['about', 'help', 'imprint']) }),
)
