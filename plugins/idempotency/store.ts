import type { Session } from '../../src/storage/database.ts'

declare module '../../src/storage/schema.ts' {
  interface Schema {
    idempotency_keys: {
      /** Who used which key, for which operation. */
      key: string
      /** Of the request, in lower-case hexadecimal. */
      fingerprint: string
      /** JSON: the database reads nothing of it, and text may hold what its own JSON may not. */
      result: string
      expires_at: string
    }
  }
}

/** What came of the request that a key was used for first. */
export interface Outcome {
  /** Tells this request from another one under the same key. */
  fingerprint: string
  /** What the work gave, as JSON. */
  result: string
}

/** How long a key is kept, in milliseconds: a day, in which any retry has come. */
const LIFETIME = 24 * 60 * 60 * 1000

/** How many expired keys go with each new one: more than one, so that none pile up. */
const EXPIRED_AT_ONCE = 10

/**
 * The keys of requests that were done, for use within a transaction: `claim`, then `find`, and where
 * there is nothing the work and `keep`. Key and work are on the disk together or not at all.
 */
export function createIdempotencyKeyStore({ reader, write, dialect }: Session) {
  /** Deletes some of the keys that have expired, and waits for nobody who does the same. */
  function forgetExpired(now: string) {
    return write((writer) =>
      writer
        .deleteFrom('idempotency_keys')
        .where('key', 'in', (expired) =>
          expired
            .selectFrom('idempotency_keys')
            .select('key')
            .where('expires_at', '<=', now)
            .orderBy('expires_at')
            .limit(EXPIRED_AT_ONCE)
            .modifyEnd(dialect.skipLocked),
        )
        .execute(),
    )
  }

  return {
    /** Makes a key this transaction's until it ends; gives false, at once, where it is another's. */
    claim(key: string): Promise<boolean> {
      return write((writer) => dialect.tryLock(writer, `idempotency key ${key}`))
    },

    /** Gives what came of a key; undefined where it is new, or so old that it counts as new. */
    find(key: string): Promise<Outcome | undefined> {
      return reader
        .selectFrom('idempotency_keys')
        .select(['fingerprint', 'result'])
        .where('key', '=', key)
        .where('expires_at', '>', new Date().toISOString())
        .executeTakeFirst()
    },

    /** Keeps what came of a key, in place of what came of it before it expired. */
    async keep(key: string, outcome: Outcome): Promise<void> {
      const now = Date.now()
      const row = { key, ...outcome, expires_at: new Date(now + LIFETIME).toISOString() }
      await write((writer) =>
        writer
          .insertInto('idempotency_keys')
          .values(row)
          .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
          .execute(),
      )
      // last, so that who waits for one of these rows waits for a transaction that waits for nobody
      await forgetExpired(new Date(now).toISOString())
    },
  }
}
