import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Paths of a certificate and its key. */
export interface Certificate {
  certificate: string
  key: string
}

/** Creates a self-signed certificate for localhost, but not for 127.0.0.1. */
export function createCertificate(t: Test): Certificate {
  const folder = t.testdir()
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', [...request, ...names, '-out', certificate, '-keyout', key], {
    stdio: 'ignore',
  })
  return { certificate, key }
}
