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

/** Returns deploy/nginx.conf with the port, the replicas and the folder of a test. */
export function configurationFor(port: number, replicas: string[], directory: string): string {
  let next = 0
  return configuration
    .replace(/^ *resolver .*$/m, temporaryPaths(directory))
    .replace(SERVER, () => `server ${replicas[next++]} `)
    .replace(/listen \d+;/, `listen 127.0.0.1:${port};`)
}
