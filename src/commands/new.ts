/** The command `npm run new`: writes the files of a resource. */
import { join } from 'node:path'
import { messageOf } from '../error-message.ts'
import { createResource } from './new/create-resource.ts'

try {
  const lines = await createResource(process.argv.slice(2), join(import.meta.dirname, '../..'))
  console.log(lines.join('\n'))
} catch (error) {
  console.error(`new: ${messageOf(error)}\nnpm run new -- --help shows the usage`)
  process.exitCode = 1
}
