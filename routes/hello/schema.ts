import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const Greeting = Type.Object(
  {
    hello: Type.String({ description: 'Always `world`' }),
    number: Type.Integer({ minimum: 3, maximum: 3, description: "The tutorial's number" }),
  },
  { title: 'Greeting', examples: [{ hello: 'world', number: 3 }] },
)

const GreetingV2 = Type.Object(
  {
    greeting: Type.String({ description: 'The greeting' }),
    name: Type.String({ description: 'Name to greet' }),
  },
  { title: 'GreetingV2', examples: [{ greeting: 'Hello Luis', name: 'Luis' }] },
)

/** Media type with a version, so that clients that ask for it do not get a newer representation. */
export const VERSION_2 = 'application/vnd.example.v2+json'

export const readGreeting = {
  operationId: 'readGreeting',
  summary: 'Greet someone',
  'x-resource': 'A greeting',
  externalDocs: {
    description: 'The tutorial: Implementing a RESTful Web API with Python & Flask',
    url: 'http://blog.luisrei.com/articles/flaskrest.html',
  },
  querystring: Type.Object(
    {
      name: Type.Optional(
        Type.String({ maxLength: 8_000, description: 'Name to greet', examples: ['Luis'] }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: textOrDataResponse('The greeting', Greeting, {
      variants: { [VERSION_2]: GreetingV2 },
      fields: ['Link'],
      example: 'Hello John Doe',
    }),
    ...problemResponses(400),
  },
} as const
