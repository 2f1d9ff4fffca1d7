/** Script of `npm run check:ejected`. It runs `npm run eject` in a clone, then `npm run check`. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { copyProject } from '../docs/clone.ts'
import { commitAll, eject } from './ejected.ts'

const clone = await copyProject()
try {
  commitAll(clone)
  const { code, output } = await eject(clone, 'shop')
  console.log(output)
  commitAll(clone)
  const check = code === 0 && spawnSync('npm', ['run', 'check'], { cwd: clone, stdio: 'inherit' })
  process.exitCode = check && check.status === 0 ? 0 : 1
} finally {
  rmSync(clone, { recursive: true })
}
