import t from 'tap'
import { SAMPLES } from './removed.ts'
import { listSampleTests } from './sample-tests.ts'

t.test('a test runs with the samples unless it replaces them with the fixtures', async (t) => {
  const root = t.testdir({
    test: {
      plugins: {
        'fixtures.test.ts': "import { FIXTURES } from '../fixtures/register.ts'\n",
        'resources.test.ts': "import { build } from '../app.ts'\n",
        'process.test.ts': `import '../fixtures/register.ts'
import { startServer } from '../server.ts'
`,
      },
      routes: { 'shop.test.ts': '', [String(SAMPLES[0])]: { 'index.test.ts': '' } },
      template: { 'fixtures.test.ts': "import '../fixtures/register.ts'\n" },
      reliability: { 'kill.test.ts': '' },
    },
  })
  t.strictSame(listSampleTests(root), [
    'test/plugins/process.test.ts',
    'test/plugins/resources.test.ts',
    `test/routes/${SAMPLES[0]}/index.test.ts`,
    'test/routes/shop.test.ts',
    'test/template/fixtures.test.ts',
  ])
})
