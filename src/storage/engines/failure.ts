/** The database does not answer, or is locked for too long. What was asked may be asked again. */
export class DatabaseUnavailable extends Error {}

/** The disk of the database is full: it can be read, and written to once there is room. */
export class DatabaseFull extends Error {}

/** Gives what an error of the database means to whoever asked; itself where it is a fault of the query. */
export type Translate = (error: unknown) => unknown

/** Runs a query, and throws what its error means. */
export function translated<Result>(translate: Translate, query: () => Result): Result {
  try {
    return query()
  } catch (error) {
    throw translate(error)
  }
}
