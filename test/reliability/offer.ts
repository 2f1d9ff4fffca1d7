import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Order, Outcome } from './load-generator.ts'

/** Runs the load generator in a separate process, and returns its outcome. */
export async function offer(
  order: Order,
  command: readonly string[] = [process.execPath],
): Promise<Outcome> {
  const [file = '', ...options] = command
  const generator = join(import.meta.dirname, 'load-generator.ts')
  const { stdout } = await promisify(execFile)(file, [...options, generator, JSON.stringify(order)])
  return JSON.parse(stdout) // the load generator prints an Outcome
}
