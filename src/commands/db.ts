import { loadEnvironment } from '../environment.ts'
import { messageOf } from '../error-message.ts'
import { type Run, readCommand, USAGE, UsageError } from './database-command.ts'

// Looks after the database that DATABASE_URL names, in the environment or in `.env`: what an operator
// does without the service, or beside it.

try {
  const run = readCommand(process.argv.slice(2))
  if (run) await show(run)
  else console.log(USAGE)
} catch (error) {
  console.error(`db: ${messageOf(error).replaceAll('\n', ' ')}`)
  if (error instanceof UsageError) console.error(USAGE)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

async function show(run: Run) {
  loadEnvironment()
  const { lines, isSound } = await run(process.env)
  for (const line of lines) console.log(line)
  if (!isSound) process.exitCode = 1
}
