import type { WireCase } from './case.ts'
import { COMPRESSION } from './cases/compression.ts'
import { CONDITIONS } from './cases/conditions.ts'
import { EXPECTATIONS } from './cases/expectations.ts'
import { FRAMING } from './cases/framing.ts'
import { TARGETS } from './cases/targets.ts'

/** Cases of one subject, and the file that has them. */
export interface Table {
  title: string
  file: string
  cases: readonly WireCase[]
}

/** All that the service promises on the wire. */
export const TABLES: readonly Table[] = [
  { title: 'Methods and targets', file: 'test/wire/cases/targets.ts', cases: TARGETS },
  { title: 'Framing', file: 'test/wire/cases/framing.ts', cases: FRAMING },
  { title: 'Expectations', file: 'test/wire/cases/expectations.ts', cases: EXPECTATIONS },
  { title: 'Compression', file: 'test/wire/cases/compression.ts', cases: COMPRESSION },
  { title: 'Conditions and ranges', file: 'test/wire/cases/conditions.ts', cases: CONDITIONS },
]
