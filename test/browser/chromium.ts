import { type Browser, chromium } from 'playwright-core'
import { CHROMIUM } from '../requirement.ts'

/** Options that run Chromium without a window, allow root to run it, and disable background requests. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launch(...args: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: [...ARGUMENTS, ...args] })
}
