import type { Document, Operation, Parameter } from '../../plugins/openapi/openapi.ts'
import { languageThatReserves } from '../../src/commands/new/reserved-names.ts'
import { resolve } from './responses.ts'

/** A name of the OpenAPI document, and the place that declares it. */
interface Name {
  name: string
  place: string
}

/**
 * Returns the names of a document that clash in clients of it, each with what to do. Header fields are left out, since
 * HTTP names them.
 */
export function findClashes(document: Document): string[] {
  const { schemas, responses, parameters } = document.components
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
  const types = [schemas, responses, parameters].flatMap(Object.keys)
  const functions = operations.map(({ operationId = '' }) => operationId)
  const parts = operations.flatMap((operation) => parametersOf(document, operation))
  const names: Name[] = [
    ...types.map((name) => ({ name, place: 'title of a schema' })),
    ...functions.map((name) => ({ name, place: 'operationId' })),
    ...parts,
  ]
  const reserved = names.flatMap(({ name, place }) => {
    const language = languageThatReserves(name)
    return language ? [`rename the ${place} ${name}: it has another meaning in ${language}`] : []
  })
  const repeated = [...repeatedIn(types), ...repeatedIn(functions)].map(
    (name) => `rename ${name}: another name differs from it only in case`,
  )
  const derived = types
    .filter((name) => functions.some((each) => derivesFrom(name, each)))
    .map((name) => `rename the schema ${name}: generators derive this name from an operationId`)
  return [...new Set([...reserved, ...repeated, ...derived])]
}

function parametersOf(document: Document, { parameters = [], operationId }: Operation): Name[] {
  return parameters.flatMap((each) => {
    const { name, in: part } = resolve<Parameter>(document, each) ?? {}
    if (name === undefined || part === 'header') return []
    return [{ name, place: `parameter of ${operationId}` }]
  })
}

function repeatedIn(names: string[]): string[] {
  const forms = names.map((name) => name.toLowerCase())
  return names.filter((name, index) => forms.indexOf(name.toLowerCase()) !== index)
}

/** Endings of the types that generators write for an operation. */
const ENDINGS = /(?:Body|Data|Errors?|Headers|Params|Responses?|Result)$/

function derivesFrom(name: string, operationId: string): boolean {
  const stem = name.replace(ENDINGS, '')
  return stem !== name && stem.toLowerCase() === operationId.toLowerCase()
}
