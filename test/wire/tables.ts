import type { WireCase } from './case.ts'
import { ACCOUNTS, AUTHENTICATION } from './cases/authentication.ts'
import { COMPRESSION } from './cases/compression.ts'
import { CONDITIONS } from './cases/conditions.ts'
import { CONTENT } from './cases/content.ts'
import { EXPECTATIONS } from './cases/expectations.ts'
import { FRAMING } from './cases/framing.ts'
import { NEGOTIATION } from './cases/negotiation.ts'
import { TARGETS } from './cases/targets.ts'

/** Cases of one subject, and the file that has them. */
export interface Table {
  title: string
  file: string
  cases: readonly WireCase[]
  /** What the service is configured with, where the defaults will not do. */
  environment?: Record<string, string>
}

/** All that the service promises on the wire. */
export const TABLES: readonly Table[] = [
  { title: 'Methods and targets', file: 'test/wire/cases/targets.ts', cases: TARGETS },
  { title: 'Framing', file: 'test/wire/cases/framing.ts', cases: FRAMING },
  { title: 'Expectations', file: 'test/wire/cases/expectations.ts', cases: EXPECTATIONS },
  { title: 'Content', file: 'test/wire/cases/content.ts', cases: CONTENT },
  { title: 'Negotiation', file: 'test/wire/cases/negotiation.ts', cases: NEGOTIATION },
  {
    title: 'Authentication',
    file: 'test/wire/cases/authentication.ts',
    cases: AUTHENTICATION,
    environment: ACCOUNTS,
  },
  { title: 'Compression', file: 'test/wire/cases/compression.ts', cases: COMPRESSION },
  { title: 'Conditions and ranges', file: 'test/wire/cases/conditions.ts', cases: CONDITIONS },
]
