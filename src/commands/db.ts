/** The command `npm run db`: maintains the database of DATABASE_URL, whether or not the service runs. */
import { messageOf } from '../error-message.ts'
import { loadEnvironment } from '../load-environment.ts'
import { type DatabaseCommand, readCommand } from './database-command.ts'
import { USAGE } from './database-usage.ts'
import { UsageError } from './parse-arguments.ts'

try {
  const command = readCommand(process.argv.slice(2))
  if (command) await run(command)
  else console.log(USAGE)
} catch (error) {
  console.error(`db: ${messageOf(error).replaceAll('\n', ' ')}`)
  if (error instanceof UsageError) console.error(USAGE)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

async function run(command: DatabaseCommand) {
  loadEnvironment()
  const { lines, isSound } = await command(process.env)
  for (const line of lines) console.log(line)
  if (!isSound) process.exitCode = 1
}
