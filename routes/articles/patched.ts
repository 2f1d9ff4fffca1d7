import { HttpError } from '../../src/http/http-error.ts'
import { compileValidator, ValidationError } from '../../src/http/validation.ts'
import { type Article, NewArticle } from '../../src/schemas/article.ts'

const validate = compileValidator(NewArticle, 'body')

/** Members that the service alone writes. */
const READ_ONLY = ['id', 'createdAt', 'updatedAt'] as const

/**
 * Takes from a patched article what a client may say of one, checked as a whole.
 *
 * @throws {HttpError} 422 that names each member which may not be so.
 */
export function readNewArticle(article: Article, patched: unknown): NewArticle {
  const { id, createdAt, updatedAt, ...fields } = Object(patched)
  const result = validate(fields)
  const changed = READ_ONLY.filter((name) => Object(patched)[name] !== article[name])
  const error = new ValidationError([
    ...changed.map((name) => ({ pointer: `/${name}`, message: 'cannot be changed' })),
    ...('error' in result ? result.error.violations : []),
  ])
  if (error.violations.length === 0) return fields
  throw new HttpError('UNPROCESSABLE_CONTENT', `patched, ${error.message}`, {
    violations: error.violationsIn('body'),
  })
}
