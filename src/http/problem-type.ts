import { LRUCache } from 'lru-cache'
import { selectMediaType } from './accept.ts'
import { JSON_TYPE } from './media-types.ts'

/** Number of Accept values for which the chosen media type is cached. Most clients send one of a few values. */
const CACHE_SIZE = 50

/**
 * Returns a function that chooses the media type of an error from the value of Accept (RFC 9110 §12.5.1). If no offered
 * type is acceptable, the function chooses JSON, since an error must be sent in some media type.
 *
 * @param offered from `PROBLEM_TYPES`, preferred first
 */
export function createProblemTypeChooser(offered: readonly string[]): (accept?: string) => string {
  const choices = new LRUCache<string, string>({
    max: CACHE_SIZE,
    memoMethod: (accept) => selectMediaType(accept, offered) ?? JSON_TYPE,
  })
  return (accept = '') => choices.memo(accept)
}
