import type { WireCase } from './case.ts'
import { EXPECTATIONS } from './cases/expectations.ts'
import { FRAMING } from './cases/framing.ts'
import { TARGETS } from './cases/targets.ts'

/** All that the service promises on the wire, by what it is about. */
export const TABLES: { title: string; file: string; cases: WireCase[] }[] = [
  { title: 'Methods and targets', file: 'targets', cases: TARGETS },
  { title: 'Framing', file: 'framing', cases: FRAMING },
  { title: 'Expectations', file: 'expectations', cases: EXPECTATIONS },
]
