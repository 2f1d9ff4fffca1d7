import t from 'tap'
import { RESOURCES } from '../../src/resources.ts'
import { listMigrations } from '../../src/storage/migration-files.ts'
import { build, expectReply } from '../app.ts'
import '../fixtures/register.ts'

t.test('an embedding application can add a folder of resources', async (t) => {
  const folder = t.testdir({
    trees: {
      'index.ts': `export default async (app) => {
        const store = app.store(({ reader }) => reader.selectFrom('trees').selectAll())
        app.get('/trees', () => store.execute())
      }`,
      migrations: {
        '29980101T0000-trees.ts': `export const minVersion = '0.1.0'
          export async function up(db) {
            await db.schema.createTable('trees').addColumn('id', 'integer').execute()
          }`,
        'notes.md': 'Files that are not TypeScript are ignored.',
      },
    },
  })
  RESOURCES.push(folder)
  t.teardown(() => void RESOURCES.pop())
  const app = await build(t)
  t.equal((await listMigrations()).at(-1)?.name, '29980101T0000-trees')
  await expectReply(t, app, { url: '/trees' }, { body: [] })
  await expectReply(t, app, { url: '/health/ready' }, {})
})

t.test('a resource may have the same name as a plugin', async (t) => {
  const folder = t.testdir({
    debug: { 'index.ts': "export default async (app) => app.get('/debug', async () => ({}))" },
  })
  RESOURCES.push(folder)
  t.teardown(() => void RESOURCES.pop())
  await expectReply(t, await build(t), { url: '/debug' }, { body: {} })
})
