/** Writes `docs/http.md`: `npm run scoreboard`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildBare } from './bare.ts'
import { portOf, runAll } from './run.ts'
import { writeScoreboard } from './scoreboard.ts'
import { TABLES } from './tables.ts'

const bare = buildBare()
await bare.listen({ host: '127.0.0.1', port: 0 })
const cases = TABLES.flatMap((table) => table.cases)
const outcomes = await runAll(cases, portOf(bare.server), 1_000)
writeFileSync(join(import.meta.dirname, '../../docs/http.md'), writeScoreboard(TABLES, outcomes))
await bare.close()
