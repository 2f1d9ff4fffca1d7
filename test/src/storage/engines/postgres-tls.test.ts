import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { createCertificate } from '../../../certificate.ts'
import { open } from '../../../database.ts'
import { type PostgresServer, startPostgres } from '../../../postgres-server.ts'
import { skipUnless } from '../../../requirement.ts'

/** Connects to a server, and returns whether the connection is encrypted. */
async function isEncrypted(t: Test, { url }: PostgresServer, host: string, parameters: string) {
  const address = new URL(`${url}?${parameters}`)
  address.hostname = host
  const { reader } = await open(t, address.href)
  const { rows } = await sql<{ ssl: boolean }>`
    select ssl from pg_stat_ssl where pid = pg_backend_pid()
  `.execute(reader)
  return rows[0]?.ssl
}

t.test('TLS to PostgreSQL', { skip: skipUnless('openssl', 'postgresql') }, async (t) => {
  const files = createCertificate(t)
  const root = `sslrootcert=${files.certificate}`
  const secure = await startPostgres(t, files)
  const plain = await startPostgres(t)

  const accepted: [
    server: PostgresServer,
    host: string,
    parameters: string,
    isEncrypted: boolean,
  ][] = [
    [secure, '127.0.0.1', '', false],
    [secure, '127.0.0.1', 'sslmode=disable', false],
    [secure, '127.0.0.1', 'sslmode=allow', false],
    [secure, '127.0.0.1', 'sslmode=prefer', true],
    [plain, '127.0.0.1', 'sslmode=prefer', false],
    [secure, '127.0.0.1', 'sslmode=require', true],
    [secure, '127.0.0.1', `sslmode=require&${root}`, true],
    [secure, '127.0.0.1', `sslmode=verify-ca&${root}`, true],
    [secure, 'localhost', `sslmode=verify-full&${root}`, true],
  ]
  for (const [server, host, parameters, expected] of accepted) {
    t.equal(await isEncrypted(t, server, host, parameters), expected, `${host} ${parameters}`)
  }

  const refused: [server: PostgresServer, host: string, parameters: string, reason: RegExp][] = [
    [plain, '127.0.0.1', 'sslmode=require', /The server does not support SSL connections$/],
    [secure, '127.0.0.1', `sslmode=verify-full&${root}`, /IP: 127\.0\.0\.1 is not in the cert's/],
    [secure, 'localhost', 'sslrootcert=system', /: self-signed certificate/],
  ]
  for (const [server, host, parameters, message] of refused) {
    await t.rejects(isEncrypted(t, server, host, parameters), { message }, `${host} ${parameters}`)
  }
})
