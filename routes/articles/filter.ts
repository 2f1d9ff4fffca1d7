import type { Static } from 'typebox'
import { parameterError } from '../../src/http/pagination.ts'
import { wordsOf } from '../../src/storage/words.ts'
import type { ArticleListQuery } from './schema.ts'
import type { ArticleFilter } from './store.ts'

/**
 * Reads the filter of a list query. A search cannot be combined with an author, or with a sort field other than id,
 * since the database would have to read all matches before the first page.
 *
 * @throws {HttpError} 400 for a search without words, with an author, or with a sort field other than id
 */
export function readFilter({ author, q, sort }: Static<typeof ArticleListQuery>): ArticleFilter {
  if (q === undefined) return { author }
  if (author !== undefined) throw parameterError('author', 'cannot be combined with /q')
  if (sort !== undefined && sort !== 'id' && sort !== '-id') {
    throw parameterError('sort', 'must be id or -id if combined with /q')
  }
  const words = wordsOf(q)
  if (words.length === 0) throw parameterError('q', 'must contain a word')
  return { words }
}
