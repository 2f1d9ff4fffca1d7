import type { Certificate } from '../certificate.ts'
import { readText } from './files.ts'

const SERVER = /server (\S+:\d+) resolve /g

/** Directives for the temporary folders that nginx always creates, even if it does not use them. */
export function temporaryPaths(directory: string): string {
  return ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${directory}/${name};`)
    .join(' ')
}

const configuration = readText('deploy/nginx.conf')

/** Addresses of the replicas, as host:port. */
export const upstreams = [...configuration.matchAll(SERVER)].map(([, address = '']) => address)

/** Name of the access log in the folder of a test. */
export const ACCESS_LOG = 'access.log'

/** Returns deploy/nginx.conf with the port, the replicas and the folder of a test. */
export function configurationFor(port: number, replicas: string[], directory: string): string {
  let next = 0
  return configuration
    .replace(/^ *resolver .*$/m, temporaryPaths(directory))
    .replace('/dev/stdout', `${directory}/${ACCESS_LOG}`)
    .replace(SERVER, () => `server ${replicas[next++]} `)
    .replace(/listen \d+/, `listen 127.0.0.1:${port}`)
}

/** Removes the limit of requests per second, for tests in which all load comes from one address. */
export function withoutRequestLimit(configuration: string): string {
  return configuration.replace(/limit_req zone=.*;/, '')
}

/** Enables HTTPS on a port. Debian's nginx is older than the directive `http2`. */
export function withTls(
  configuration: string,
  port: number,
  { certificate, key }: Certificate,
): string {
  return configuration
    .replaceAll('#tls ', '')
    .replace('http2 on;', '')
    .replace(/listen \d+ ssl/, `listen 127.0.0.1:${port} ssl http2`)
    .replace('/etc/nginx/tls/tls.crt', certificate)
    .replace('/etc/nginx/tls/tls.key', key)
}

/** Makes nginx trust a proxy that terminates TLS at this address. */
export function behindTls(configuration: string, address: string): string {
  return configuration.replaceAll('#behind-tls ', '').replaceAll('192.0.2.0/28', address)
}
