import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { backUpInto } from '../../../../src/storage/transfer/backup-folder.ts'
import { verifyBackup } from '../../../../src/storage/transfer/verify.ts'
import { openMigrated } from '../../../database.ts'
import { folderOf, lastingUrl } from '../../../engines.ts'
import '../../../fixtures/register.ts'

/** Time of the backup with this number. */
const timeOf = (number: number) => new Date(Date.UTC(2026, 10, 30, number, 5, 9, 123))

t.test(
  'the newest backups remain, and files of interrupted older backups are deleted',
  async (t) => {
    const url = await lastingUrl(t)
    await (await openMigrated(t, url)).close()
    const folder = join(folderOf(t), 'backups')
    mkdirSync(folder)
    for (const name of ['backup.db', 'notes.txt']) writeFileSync(join(folder, name), '')
    for (const hour of [1, 4]) {
      writeFileSync(join(folder, `backup-20261130T0${hour}0000Z.db.0a1b2c3d.partial`), '')
    }
    const write = (number: number) => backUpInto(folder, 2, url, 1_000, timeOf(number))
    t.strictSame((await write(1)).deleted, [])
    const { file, deleted } = await write(2)
    t.equal(file, join(folder, 'backup-20261130T020509Z.db'))
    t.strictSame(deleted, ['backup-20261130T010000Z.db.0a1b2c3d.partial'])
    t.strictSame((await write(3)).deleted, ['backup-20261130T010509Z.db'])
    t.strictSame(readdirSync(folder).sort(), [
      'backup-20261130T020509Z.db',
      'backup-20261130T030509Z.db',
      'backup-20261130T040000Z.db.0a1b2c3d.partial',
      'backup.db',
      'notes.txt',
    ])
    await verifyBackup(join(folder, 'backup-20261130T030509Z.db'))
  },
)

t.test('if a backup fails, no older backup is deleted', async (t) => {
  const folder = folderOf(t)
  for (const hour of [1, 2]) writeFileSync(join(folder, `backup-20261130T0${hour}0000Z.db`), '')
  const url = `sqlite:${join(folder, 'none.db')}`
  await t.rejects(backUpInto(folder, 1, url, 0, timeOf(3)), { message: /^there is no file / })
  t.equal(readdirSync(folder).length, 2)
})
