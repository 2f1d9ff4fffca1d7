import { createHash } from 'node:crypto'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte)

const MESSAGES: { title: string; mediaType: string; fileName: string | null; bytes: Uint8Array }[] =
  [
    {
      title: 'text',
      mediaType: 'text/plain; charset=utf-8',
      fileName: null,
      bytes: Buffer.from('Zoë'),
    },
    {
      title: 'an empty message',
      mediaType: 'text/plain',
      fileName: null,
      bytes: new Uint8Array(0),
    },
    {
      title: 'bytes with NULs',
      mediaType: 'application/octet-stream',
      fileName: null,
      bytes: Buffer.from('\0a\0\0b\0'),
    },
    {
      title: 'every possible byte',
      mediaType: 'image/png',
      fileName: 'é.png',
      bytes: EVERY_BYTE,
    },
    {
      title: 'bytes that are not valid UTF-8',
      mediaType: 'text/plain',
      fileName: '',
      bytes: Buffer.from([0xff, 0xfe, 0xc3]),
    },
    {
      title: 'a slice of a longer buffer',
      mediaType: 'text/plain',
      fileName: `a'"; drop table messages; --`,
      bytes: Buffer.from('not this, this, nor that').subarray(10, 14),
    },
    {
      title: 'a mebibyte',
      mediaType: 'application/octet-stream',
      fileName: null,
      bytes: Buffer.alloc(2 ** 20, 'x\0'),
    },
  ]

for (const { title, ...message } of MESSAGES) {
  testOnEachEngine(`create() stores ${title} unchanged`, async (t) => {
    const messages = createMessageStore(await openMigrated(t))
    const before = new Date().toISOString()
    const created = await messages.create(message)
    const after = new Date().toISOString()
    t.match(created, {
      id: 1,
      mediaType: message.mediaType,
      fileName: message.fileName,
      size: message.bytes.length,
      sha256: createHash('sha256').update(message.bytes).digest('hex'),
      createdAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    })
    t.ok(before <= created.createdAt && created.createdAt <= after, 'createdAt is the current time')

    const found = await messages.find(created.id)
    t.equal(found?.mediaType, message.mediaType)
    t.equal(found?.fileName, message.fileName)
    t.same(Buffer.from(found?.bytes ?? []), Buffer.from(message.bytes), 'the bytes are unchanged')
  })
}

testOnEachEngine('the digest is SHA-256 (FIPS 180-4)', async (t) => {
  const messages = createMessageStore(await openMigrated(t))
  const { sha256 } = await messages.create({
    mediaType: 'text/plain',
    fileName: null,
    bytes: Buffer.from('abc'),
  })
  t.equal(sha256, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

testOnEachEngine('create() never assigns the same id twice', async (t) => {
  const database = await openMigrated(t)
  const messages = createMessageStore(database)
  const message = { mediaType: 'text/plain', fileName: null, bytes: Buffer.from('a') }
  const created = await Promise.all([1, 2, 3].map(() => messages.create(message)))
  t.same(created.map(({ id }) => id).sort(), [1, 2, 3])
  await database.reader.deleteFrom('messages').execute()
  t.match(
    await messages.create(message),
    { id: 4 },
    'the ids of deleted messages are not assigned again',
  )
})

testOnEachEngine('find() returns undefined if the message does not exist', async (t) => {
  const messages = createMessageStore(await openMigrated(t))
  for (const id of [1, 0, -1]) t.equal(await messages.find(id), undefined, String(id))
})

testOnEachEngine(
  'delete() deletes a message only if the given digest is that of the message',
  async (t) => {
    const messages = createMessageStore(await openMigrated(t))
    const message = { mediaType: 'text/plain', fileName: null, bytes: Buffer.from('abc') }
    const { id, sha256, createdAt } = await messages.create(message)
    const version = { version: sha256, modifiedAt: createdAt }
    t.match(await messages.find(id), version)
    t.same(await messages.findVersion(id), version)
    t.equal(await messages.delete(id, sha256.replace(/^./, '0')), false)
    t.equal(await messages.delete(id + 1, sha256), false)
    t.ok(await messages.find(id))
    t.equal(await messages.delete(id, sha256), true)
    t.equal(await messages.findVersion(id), undefined)
    t.equal(await messages.delete(id, sha256), false)
  },
)

testOnEachEngine(
  'list() returns messages without their bytes, and filters by media type',
  async (t) => {
    const messages = createMessageStore(await openMigrated(t))
    const bytes = Buffer.from('a')
    const filters = { equal: { mediaType: ['text/plain'] } }
    const text = await messages.create({ mediaType: 'text/plain', fileName: null, bytes })
    const image = await messages.create({ mediaType: 'image/png', fileName: 'a.png', bytes })
    for (const sort of ['-id', '-createdAt']) {
      const request = { sort, limit: 10 }
      const [first, second] = [image, text].map((each) => ({ ...each, revision: each.sha256 }))
      t.strictSame((await messages.list(request)).items, [first, second])
      t.strictSame((await messages.list({ ...request, filters })).items, [second])
    }
  },
)
