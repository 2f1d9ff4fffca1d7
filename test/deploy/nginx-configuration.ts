import { readText } from './files.ts'

const SERVER = /server (\S+:\d+) resolve /g

/** What nginx makes folders for, whether it is used or not. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

const configuration = readText('deploy/nginx.conf')

/** Where nginx forwards to, as host:port. */
export const upstreams = [...configuration.matchAll(SERVER)].map(([, address = '']) => address)

/** The configuration for a test: with its port, its replicas and a folder of its own. */
export function configurationFor(port: number, replicas: string[], directory: string): string {
  let next = 0
  const temporary = TEMPORARY.map((name) => `${name}_temp_path ${directory}/${name};`)
  return configuration
    .replace(/^ *resolver .*$/m, temporary.join(' '))
    .replace(SERVER, () => `server ${replicas[next++]} `)
    .replace(/listen \d+;/, `listen 127.0.0.1:${port};`)
}
