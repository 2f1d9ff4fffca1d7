/** Writes the OpenAPI document of the default configuration to the given file, or to docs/openapi.yaml. */
import { writeFileSync } from 'node:fs'
import { writeYaml } from '../../plugins/openapi/yaml.ts'
import { buildApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { OPENAPI_FILE } from './responses.ts'

const [file = OPENAPI_FILE] = process.argv.slice(2)

const app = await buildApp(parseConfig({ DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'warn' }))
await app.ready()
writeFileSync(file, writeYaml(app.openApiDocument()))
await app.close()
