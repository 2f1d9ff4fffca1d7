import { execFileSync } from 'node:child_process'

/** Writes a self-signed certificate for a host to tls.crt, and its key to tls.key, in a folder. */
export function writeCertificate(directory: string, host = 'localhost') {
  const key = `${directory}/tls.key`
  const certificate = `${directory}/tls.crt`
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
  const files = ['-keyout', key, '-out', certificate]
  const options = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  execFileSync('openssl', ['req', ...options, ...names, ...files], { stdio: 'ignore' })
}
