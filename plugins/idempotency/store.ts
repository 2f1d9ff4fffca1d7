import type { Session } from '../../src/storage/database.ts'
import type { Schema } from '../../src/storage/schema.ts'

declare module '../../src/storage/schema.ts' {
  interface Schema {
    idempotency_keys: {
      /** JSON of account, operation and key. */
      key: string
      /** SHA-256 of the request, in hexadecimal. */
      fingerprint: string
      /** JSON as text, since the databases' JSON types refuse some valid JSON. */
      result: string
      expires_at: string
    }
  }
}

/** Stored result of a request. A different request with the same key has another fingerprint. */
type StoredResult = Pick<Schema['idempotency_keys'], 'fingerprint' | 'result'>

/** Time for which a result is stored. Clients repeat a lost request within a day. */
const LIFETIME_MS = 24 * 60 * 60 * 1000

/** Number of expired keys to delete for each new key; more than one, so that expired keys do not accumulate. */
const DELETED_PER_KEY = 10

/**
 * Creates the store of keys and results. In one transaction, call `claim` and `find`. If the key is new, do the write
 * and call `save` in the same transaction, so that the write and the key are committed together.
 */
export function createIdempotencyKeyStore({ reader, write, dialect }: Session) {
  function deleteExpired(now: string) {
    return write((writer) =>
      writer
        .deleteFrom('idempotency_keys')
        .where('key', 'in', (expired) =>
          expired
            .selectFrom('idempotency_keys')
            .select('key')
            .where('expires_at', '<=', now)
            .orderBy('expires_at')
            .limit(DELETED_PER_KEY)
            .modifyEnd(dialect.skipLocked),
        )
        .execute(),
    )
  }

  return {
    /** Locks a key until the transaction ends; returns false at once if another transaction has locked the key. */
    claim(key: string): Promise<boolean> {
      return write((writer) => dialect.tryLock(writer, `idempotency key ${key}`))
    },

    /** Returns the result of a key; undefined if the key is new or expired. */
    find(key: string): Promise<StoredResult | undefined> {
      return reader
        .selectFrom('idempotency_keys')
        .select(['fingerprint', 'result'])
        .where('key', '=', key)
        .where('expires_at', '>', new Date().toISOString())
        .executeTakeFirst()
    },

    /** Saves the result of a key, and replaces an expired result. */
    async save(key: string, stored: StoredResult): Promise<void> {
      const now = Date.now()
      const row = { key, ...stored, expires_at: new Date(now + LIFETIME_MS).toISOString() }
      await write((writer) =>
        writer
          .insertInto('idempotency_keys')
          .values(row)
          .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
          .execute(),
      )
      // Expired keys are deleted last, so that this transaction does not wait for another lock while it locks their
      // rows.
      await deleteExpired(new Date(now).toISOString())
    },
  }
}
