import { hash } from 'node:crypto'
import type { Message } from '../schemas/message.ts'
import type { Access } from './database.ts'

/** What a client sends to be kept. */
export type NewMessage = Pick<Message, 'mediaType' | 'fileName'> & { bytes: Uint8Array }

export function createMessageStore({ reader, write }: Access) {
  return {
    /** Keeps the octets as they are, and gives what is known of them. */
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

    /** Gives the message with this id as it was sent, or undefined where there is none. */
    find(id: number): Promise<NewMessage | undefined> {
      return reader
        .selectFrom('messages')
        .select(['media_type as mediaType', 'file_name as fileName', 'bytes'])
        .where('id', '=', id)
        .executeTakeFirst()
    },
  }
}
