import { compileReader, escapePointer, ValidationError } from '../../src/http/validation.ts'
import { NamesById, type NewUser, type User } from './schema.ts'

const readNames = compileReader(NamesById)

/** Returns the representation of a user, as in the tutorial. */
export function namesById({ id, name }: User): NamesById {
  return { [id]: name }
}

/**
 * Reads a user from its representation, which must have `id` as the name of its only member.
 *
 * @throws {ValidationError} for invalid members
 */
export function readNewUser(id: number, document: unknown): NewUser {
  const { [id]: name, ...others } = readNames(document)
  const violations = Object.keys(others).map((member) => ({
    pointer: `/${escapePointer(member)}`,
    message: 'is unknown',
  }))
  if (name === undefined) violations.push({ pointer: `/${id}`, message: 'is required' })
  else if (violations.length === 0) return { name }
  throw new ValidationError(violations)
}
