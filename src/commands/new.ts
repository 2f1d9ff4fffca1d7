/** The command `npm run new`: writes the files of a resource. */
import { join } from 'node:path'
import { messageOf } from '../error-message.ts'
import { createResource, USAGE } from './new/create-resource.ts'
import { UsageError } from './usage-error.ts'

try {
  const lines = await createResource(process.argv.slice(2), join(import.meta.dirname, '../..'))
  console.log(lines?.join('\n') ?? USAGE)
} catch (error) {
  console.error(`new: ${messageOf(error)}`)
  if (error instanceof UsageError) console.error(USAGE)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
