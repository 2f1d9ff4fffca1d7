/** Thrown if the database does not respond, or was locked for too long. A client can repeat the request. */
export class DatabaseUnavailable extends Error {}

/** Thrown if the disk of the database is full. The database can be read, but not written. */
export class DatabaseFull extends Error {}
