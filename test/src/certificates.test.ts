import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import t from 'tap'
import { createCertificate } from '../certificate.ts'
import { startPostgres } from '../postgres-server.ts'
import { startRedis } from '../redis-server.ts'
import { skipUnless } from '../requirement.ts'
import { FAST_START, startServer } from '../server.ts'
import { linesOf, until } from '../workers.ts'

t.test(
  'PostgreSQL and Redis may have a certificate that the operator has declared as trusted',
  { skip: skipUnless('openssl', 'postgresql', 'redis-server') },
  async (t) => {
    const files = createCertificate(t)
    const postgres = new URL((await startPostgres(t, files)).url)
    const { url: REDIS_URL } = await startRedis(t, files)
    postgres.hostname = 'localhost'
    postgres.search = '?sslmode=verify-full&sslrootcert=system'
    const environment = {
      ...FAST_START,
      DATABASE_URL: postgres.href,
      REDIS_URL,
      RATE_LIMIT: '1000',
      SSL_CERT_FILE: files.certificate,
    }

    await t.test('with NODE_EXTRA_CA_CERTS for Redis, requests are counted there', async (t) => {
      const trust = { NODE_EXTRA_CA_CERTS: files.certificate }
      const server = await startServer(t, { ...environment, ...trust })
      const redis = new Redis(REDIS_URL, { tls: { ca: readFileSync(files.certificate) } })
      t.teardown(() => redis.disconnect())
      do t.equal((await fetch(server.url)).status, 200)
      while ((await redis.keys('*')).length === 0)
      t.equal((await fetch(`${server.url}/health/ready`)).status, 200)
    })

    await t.test('without it, each process counts alone', async (t) => {
      const server = await startServer(t, environment)
      await until(() =>
        linesOf(server).some(
          ({ msg }) => msg === 'Redis is unreachable: each process counts alone',
        ),
      )
      t.equal((await fetch(server.url)).status, 200)
    })
  },
)
