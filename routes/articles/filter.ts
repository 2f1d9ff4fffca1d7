import { parameterError } from '../../src/http/parameter-error.ts'
import { wordsOf } from '../../src/storage/words.ts'
import { type ArticleQuery, articleList } from './schema.ts'

/**
 * Reads the words of a search. A search cannot be combined with filters, or with an order other than by id, since the
 * database would have to read all matches before the first page.
 *
 * @throws {HttpError} 400 for a search without words, with a filter, or with an order other than by id
 */
export function readSearch({ q, sort, ...filters }: ArticleQuery): string[] | undefined {
  if (q === undefined) return undefined
  const filter = Object.keys(filters).find((name) => articleList.parameters[name])
  if (filter !== undefined) throw parameterError(filter, 'cannot be combined with /q')
  if (sort !== undefined && sort !== 'id' && sort !== '-id') {
    throw parameterError('sort', 'must be id or -id if combined with /q')
  }
  const words = wordsOf(q)
  if (words.length === 0) throw parameterError('q', 'must contain a word')
  return words
}
