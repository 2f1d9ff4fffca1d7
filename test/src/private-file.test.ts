import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { rotatingFile } from '../../plugins/logging/targets.ts'
import { createPrivateFile } from '../../src/private-file.ts'
import { migrate } from '../../src/storage/migrations.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { backUp } from '../../src/storage/transfer/backup.ts'

const ROTATION = { rotateSizeBytes: 1, rotateInterval: 'never', keptFiles: 0 } as const

/** Creates a folder with this mode. */
function createFolder(t: Test, mode: number): string {
  const folder = join(t.testdir(), 'data')
  mkdirSync(folder)
  chmodSync(folder, mode) // not subject to the umask
  return folder
}

/** Returns the modes of all files in a folder. */
function modesIn(folder: string): number[] {
  return readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)
}

for (const [title, folderMode, expected] of [
  ['only the owner', 0o755, 0o600],
  ['owner and group, if the group may write to the folder', 0o2775, 0o660],
] as const) {
  for (const umask of [0o000, 0o022, 0o077]) {
    t.test(`with umask ${umask.toString(8)}, ${title} can read and write the files`, async (t) => {
      const before = process.umask(umask)
      t.teardown(() => process.umask(before))
      const folder = createFolder(t, folderMode)
      const url = `sqlite:${join(folder, 'api.db')}`
      const database = await openDatabase(url)
      await migrate(database)
      await backUp(url, join(folder, 'backup.db'), 1_000)
      const target = rotatingFile(join(folder, 'app.log'), ROTATION)
      for (const line of ['first\n', 'second\n']) {
        await target.prepare(line.length)
        await target.write(Buffer.from(line))
      }
      t.match(readdirSync(folder).sort(), [
        'api.db',
        'api.db-shm',
        'api.db-wal',
        'app.log',
        /^app\.log\.\d/,
        'backup.db',
      ])
      t.strictSame(modesIn(folder), Array(6).fill(expected))
      await target.close()
      await database.close()
    })
  }
}

t.test('the mode of an existing file stays as it is', async (t) => {
  const folder = createFolder(t, 0o775)
  const empty = join(folder, 'empty')
  const filled = join(folder, 'filled')
  writeFileSync(empty, '')
  chmodSync(empty, 0o640)
  writeFileSync(filled, 'x', { mode: 0o600 })
  for (const file of [empty, filled]) createPrivateFile(file)
  t.strictSame(modesIn(folder), [0o640, 0o600])
})

t.test('the folder of the target decides if the file is a symbolic link', async (t) => {
  const folder = createFolder(t, 0o775)
  const link = join(t.testdirName, 'link')
  closeSync(openSync(join(folder, 'target'), 'w', 0o600))
  symlinkSync(join(folder, 'target'), link)
  createPrivateFile(link)
  t.strictSame(modesIn(folder), [0o660])
})
