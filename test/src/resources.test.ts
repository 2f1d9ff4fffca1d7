import { join } from 'node:path'
import t from 'tap'
import { RESOURCES } from '../../src/resources.ts'
import { findLatest } from '../../src/storage/migrations.ts'
import { build, expectReply } from '../app.ts'

t.test('who embeds the service adds folders of routes and migrations', async (t) => {
  const folder = t.testdir({
    migrations: {
      '999-trees.ts': `export async function up(db) {
        await db.schema.createTable('trees').addColumn('id', 'integer').execute()
      }`,
      'notes.md': 'What is no step is left alone.',
    },
    routes: {
      trees: {
        'index.ts': `export default async (app) => {
          const store = app.store(({ reader }) => reader.selectFrom('trees').selectAll())
          app.get('/trees', () => store.execute())
        }`,
      },
    },
  })
  RESOURCES.push({ routes: join(folder, 'routes'), migrations: join(folder, 'migrations') })
  const app = await build(t)
  t.equal(await findLatest(), '999-trees')
  await expectReply(t, app, { url: '/trees' }, { body: [] })
  await expectReply(t, app, { url: '/health/ready' }, {})
})
