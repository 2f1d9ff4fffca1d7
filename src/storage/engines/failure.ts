/** The database does not respond, or was locked for too long. The request can be repeated. */
export class DatabaseUnavailable extends Error {}

/** The disk of the database is full: it can be read, but not written. */
export class DatabaseFull extends Error {}
