/** Script of `npm run scoreboard`. It writes docs/http.md. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildBare } from './bare.ts'
import { OTHER_SERVER_TIMEOUT_MS, runTables } from './run.ts'
import { writeScoreboard } from './scoreboard.ts'

const outcomes = await runTables(buildBare, OTHER_SERVER_TIMEOUT_MS)
writeFileSync(join(import.meta.dirname, '../../docs/http.md'), writeScoreboard(outcomes))
