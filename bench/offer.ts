import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Order, Outcome } from './load-generator.ts'

/** Has a process of its own send requests, and gives what came of them. */
export async function offer(
  order: Order,
  command: readonly string[] = [process.execPath],
): Promise<Outcome> {
  const [file = '', ...options] = command
  const generator = join(import.meta.dirname, 'load-generator.ts')
  const { stdout } = await promisify(execFile)(file, [...options, generator, JSON.stringify(order)])
  return JSON.parse(stdout) // it writes one
}
