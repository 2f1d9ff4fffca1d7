import type { Content, Document } from '../../plugins/openapi/openapi.ts'
import { kindOf } from '../../src/http/body.ts'
import { errorsOf, resolve } from './responses.ts'

/**
 * Returns the bodies and responses of a document whose examples are missing or do not match their schema, each with what
 * to do.
 */
export function findWrongExamples(document: Document): string[] {
  const contents = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { requestBody, responses }]) => [
      { place: `the body of ${method.toUpperCase()} ${path}`, content: requestBody?.content },
      ...Object.entries(responses).map(([status, response]) => ({
        place: `the ${status} of ${method.toUpperCase()} ${path}`,
        content: '$ref' in response ? undefined : response.content,
      })),
    ]),
  )
  const failures = Object.entries(document.components.responses).map(([name, { content }]) => ({
    place: `the response ${name}`,
    content,
  }))
  return [...contents, ...failures].flatMap(({ place, content = {} }) =>
    Object.entries(content).flatMap(([mediaType, described]) =>
      wrongIn(document, mediaType, described).map((what) => `${what} for ${mediaType} to ${place}`),
    ),
  )
}

function wrongIn(document: Document, mediaType: string, described: Content[string]): string[] {
  const { schema = {}, example, examples = {} } = described
  const own = [example, ...Object.values(examples).map(({ value }) => value)]
  const values = [...own, ...(examplesOf(document, schema) ?? [])].filter(
    (value) => value !== undefined,
  )
  if (values.length === 0) return ['add an example (`examples` of the schema)']
  // The example of an XML document is text if it stands beside the schema, which describes data.
  const isText = kindOf(mediaType) === 'xml' && example !== undefined
  const errors = isText ? [] : values.flatMap((value) => errorsOf(document, schema, value))
  return errors.map((error) => `correct the example (${error})`)
}

function examplesOf(document: Document, schema: object): unknown[] | undefined {
  return resolve<{ examples?: unknown[] }>(document, schema)?.examples
}
