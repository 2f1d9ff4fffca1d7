import { compileValidator, escapePointer, ValidationError } from '../../src/http/validation.ts'
import { NamesById, type NewUser, type User } from './schema.ts'

const validate = compileValidator(NamesById, 'body')

/** The tutorial's shape of a user. */
export function namesById({ id, name }: User): NamesById {
  return { [id]: name }
}

/**
 * Takes the user with this id out of the tutorial's shape, which may hold no other.
 *
 * @throws {ValidationError} that names each member which may not be so.
 */
export function readNewUser(id: number, document: unknown): NewUser {
  const result = validate(document)
  if ('error' in result) throw result.error
  const { [id]: name, ...others } = document as NamesById // just checked
  const violations = Object.keys(others).map((member) => ({
    pointer: `/${escapePointer(member)}`,
    message: 'is unknown',
  }))
  if (name === undefined) violations.push({ pointer: `/${id}`, message: 'is required' })
  else if (violations.length === 0) return { name }
  throw new ValidationError(violations)
}
