/** Writes the contract of the service as it is by default, for people and for what generates code. */
import { writeFileSync } from 'node:fs'
import { writeYaml } from '../../plugins/openapi/yaml.ts'
import { buildApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { CONTRACT } from './responses.ts'

const [file = CONTRACT] = process.argv.slice(2)

const app = await buildApp(parseConfig({ DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'warn' }))
await app.ready()
writeFileSync(file, writeYaml(app.contract()))
await app.close()
