import { compileValidator, ValidationError } from '../../src/http/validation.ts'
import { type Article, NewArticle } from './schema.ts'

const validate = compileValidator(NewArticle, 'body')

/** Members that only the service writes. */
export const READ_ONLY = ['id', 'createdAt', 'updatedAt'] as const

/**
 * Validates a patched article, and returns the members that a client may change.
 *
 * @throws {ValidationError} for invalid members, and for changes of read-only members
 */
export function readNewArticle(article: Article, patched: unknown): NewArticle {
  const { id, createdAt, updatedAt, ...fields } = Object(patched)
  const result = validate(fields)
  const changed = READ_ONLY.filter((name) => Object(patched)[name] !== article[name])
  const violations = [
    ...changed.map((name) => ({ pointer: `/${name}`, message: 'cannot be changed' })),
    ...('error' in result ? result.error.violations : []),
  ]
  if (violations.length > 0) throw new ValidationError(violations)
  return fields
}
