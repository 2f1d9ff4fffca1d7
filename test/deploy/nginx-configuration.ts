import { readText } from './files.ts'

const SERVER = /server (\S+:\d+) resolve /g

/** Folders that nginx creates, whether they are used or not. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

const configuration = readText('deploy/nginx.conf')

/** The replicas, as host:port. */
export const upstreams = [...configuration.matchAll(SERVER)].map(([, address = '']) => address)

/** Returns the configuration with the port, the replicas and the folder of a test. */
export function configurationFor(port: number, replicas: string[], directory: string): string {
  let next = 0
  const temporary = TEMPORARY.map((name) => `${name}_temp_path ${directory}/${name};`)
  return configuration
    .replace(/^ *resolver .*$/m, temporary.join(' '))
    .replace(SERVER, () => `server ${replicas[next++]} `)
    .replace(/listen \d+;/, `listen 127.0.0.1:${port};`)
}
