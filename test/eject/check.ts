/**
 * Script of `npm run check:ejected`: the first hour of a developer. It runs `npm run eject` in a clone, writes resources and a
 * rule, and runs `npm run check`. Then it starts the bundle of the container.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { copyProject } from '../docs/clone.ts'
import { commitAll, eject } from './ejected.ts'
import { askBundle, writeShop } from './first-hour.ts'
import { replayFailures } from './replay.ts'

const startedAt = Date.now()
const clone = await copyProject()
try {
  commitAll(clone)
  const { code, output } = await eject(clone, 'shop')
  console.log(output)
  if (code !== 0) throw new Error('npm run eject failed')
  const figures = await writeShop(clone)
  commitAll(clone)
  const { status } = spawnSync('npm', ['run', 'check'], { cwd: clone, stdio: 'inherit' })
  if (status !== 0) {
    replayFailures(clone)
    throw new Error('npm run check failed')
  }
  await askBundle(clone)
  console.log(
    `${figures}; ${Math.round((Date.now() - startedAt) / 60_000)} minutes with all checks`,
  )
} finally {
  rmSync(clone, { recursive: true })
}
