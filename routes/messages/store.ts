import { hash } from 'node:crypto'
import type { ColumnType, Generated } from 'kysely'
import type { Session } from '../../src/storage/database.ts'
import { createPageReader } from '../../src/storage/pagination.ts'
import type { Versioned } from '../../src/storage/versioned-rows.ts'
import { type Message, messageList } from './schema.ts'

declare module '../../src/storage/schema.ts' {
  interface Schema {
    messages: {
      id: Generated<number>
      /** Content-Type as sent, with parameters. */
      media_type: string
      file_name: string | null
      /** Size in bytes. */
      size: number
      /** Digest of the bytes, in hexadecimal. */
      sha256: string
      bytes: ColumnType<Uint8Array>
      created_at: string
    }
  }
}

export type NewMessage = Pick<Message, 'mediaType' | 'fileName'> & { bytes: Uint8Array }

/** A stored message. Messages never change, so the version is the digest. */
export type StoredMessage = Versioned<NewMessage & { modifiedAt: string }>

const COLUMNS = [
  'id',
  'media_type as mediaType',
  'file_name as fileName',
  'size',
  'sha256',
  'created_at as createdAt',
] as const

const VERSION_COLUMNS = ['sha256 as version', 'created_at as modifiedAt'] as const

export function createMessageStore(session: Session) {
  const { reader, write } = session
  const messages = () => reader.selectFrom('messages').select([...COLUMNS, 'sha256 as revision'])
  return {
    /** Reads a page of messages without their bytes. */
    list: createPageReader({ table: 'messages', list: messageList, select: messages }, session),

    /** Adds a message. */
    async create({ mediaType, fileName, bytes }: NewMessage): Promise<Message> {
      const message = {
        mediaType,
        fileName,
        size: bytes.length,
        sha256: hash('sha256', bytes),
        createdAt: new Date().toISOString(),
      }
      const { id } = await write((writer) =>
        writer
          .insertInto('messages')
          .values({
            media_type: mediaType,
            file_name: fileName,
            size: message.size,
            sha256: message.sha256,
            bytes,
            created_at: message.createdAt,
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      )
      return { id, ...message }
    },

    /** Returns a message with its bytes; undefined if there is none with this id. */
    find(id: number): Promise<StoredMessage | undefined> {
      return reader
        .selectFrom('messages')
        .select(['media_type as mediaType', 'file_name as fileName', 'bytes', ...VERSION_COLUMNS])
        .where('id', '=', id)
        .executeTakeFirst()
    },

    /** Returns the version of a message without reading its bytes. */
    findVersion(id: number): Promise<Pick<StoredMessage, 'version' | 'modifiedAt'> | undefined> {
      return reader
        .selectFrom('messages')
        .select(VERSION_COLUMNS)
        .where('id', '=', id)
        .executeTakeFirst()
    },

    /** Deletes a message if it has this version. Returns true if the message was deleted. */
    async delete(id: number, version: string): Promise<boolean> {
      const { numDeletedRows } = await write((writer) =>
        writer
          .deleteFrom('messages')
          .where((row) => row.and({ id, sha256: version }))
          .executeTakeFirst(),
      )
      return numDeletedRows > 0n
    },
  }
}
