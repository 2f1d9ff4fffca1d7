/** Thrown if the database does not respond, or was locked for too long. A client can repeat the request. */
export class DatabaseUnavailable extends Error {}

/** Thrown if the disk of the database is full. The database can be read, but not written. */
export class DatabaseFull extends Error {}

/**
 * Constraint of a table: a unique key, a foreign key without a row that it refers to, a row to which foreign keys
 * refer, a check, `not null`, or the id of a row within other parents.
 */
export type Constraint = 'unique' | 'reference' | 'referenced' | 'check' | 'not null' | 'scope'

interface Violated {
  constraint: Constraint
  /** Columns of the constraint, in the order of the table; empty if the database does not tell them. */
  columns: string[]
  /** The error of the driver. */
  cause: unknown
}

/** Thrown if the database refuses a write because of a constraint. The write was not made. */
export class ConstraintViolation extends Error {
  constraint: Constraint
  columns: string[]
  /** Members of the resource by column, for columns whose member has another name than `memberOf` returns. */
  members: Record<string, string | undefined> = {}

  constructor(message: string, { constraint, columns, cause }: Violated) {
    super(message, { cause })
    this.constraint = constraint
    this.columns = columns
  }
}
