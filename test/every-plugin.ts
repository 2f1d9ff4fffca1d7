import type { Test } from 'tap'
import { buildApp } from '../src/app.ts'
import { parseConfig } from '../src/config.ts'
import { ACCOUNT, createLog } from './app.ts'
import { databaseUrl } from './engines.ts'

/** Builds the app with every plugin that a setting enables. */
export async function buildEveryPlugin(t: Test) {
  const config = parseConfig({
    ...ACCOUNT,
    ALLOWED_HOSTS: 'localhost',
    CORS_ORIGIN: '*',
    DATABASE_URL: await databaseUrl(t),
    FORWARDED_PREFIX: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    TRUST_PROXY: '127.0.0.1',
  })
  // parseConfig() refuses DEBUG with TRUST_PROXY.
  const app = await buildApp({ ...config, debug: true }, { logDestination: createLog() })
  t.teardown(() => app.close())
  return app
}
