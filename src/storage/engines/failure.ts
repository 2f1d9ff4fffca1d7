/** The database does not answer, or is locked for too long. What was asked may be asked again. */
export class DatabaseUnavailable extends Error {}

/** The disk of the database is full: it can be read, and written to once there is room. */
export class DatabaseFull extends Error {}
