import type { Static } from 'typebox'
import { parameterError } from '../../src/http/pagination.ts'
import { wordsOf } from '../../src/storage/words.ts'
import type { ArticleListQuery } from './schema.ts'
import type { ArticleFilter } from './store.ts'

/**
 * Reads which articles are asked for.
 *
 * @throws {HttpError} 400 for a search that holds no word, or that is to be sorted or filtered: it would
 * have to find every article with these words before it could give the first.
 */
export function readFilter({ author, q, sort }: Static<typeof ArticleListQuery>): ArticleFilter {
  if (q === undefined) return { author }
  if (author !== undefined) throw parameterError('author', 'cannot stand beside /q')
  if (sort !== undefined && sort !== 'id' && sort !== '-id') {
    throw parameterError('sort', 'must be id or -id beside /q')
  }
  const words = wordsOf(q)
  if (words.length === 0) throw parameterError('q', 'must hold a word')
  return { words }
}
