/** Thrown if the database does not respond, or was locked for too long. The request can be repeated. */
export class DatabaseUnavailable extends Error {}

/** Thrown if the disk of the database is full: the database can be read, but not written. */
export class DatabaseFull extends Error {}
