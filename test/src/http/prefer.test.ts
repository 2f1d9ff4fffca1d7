import t from 'tap'
import { countPreference, returnPreference } from '../../../src/http/prefer.ts'

const FIELDS: [field: string, preference: 'minimal' | 'representation' | undefined][] = [
  ['return=minimal', 'minimal'],
  ['return=representation', 'representation'],
  ['RETURN = "Minimal"', 'minimal'],
  ['respond-async, return=minimal', 'minimal'],
  ['foo; return=minimal', undefined],
  ['return=minimal; foo="a, return=representation"', 'minimal'],
  ['return=minimal, return=representation', 'minimal'],
  ['return=other, return=minimal', undefined],
  ['x="return=minimal", handling=lenient', undefined],
  ['return', undefined],
  ['return=', undefined],
  ['', undefined],
  [',;=,', undefined],
]

for (const [field, preference] of FIELDS) {
  t.test(`Prefer: ${field} means ${preference}`, async (t) => {
    t.equal(returnPreference(field), preference)
  })
}

const COUNTS: [field: string, preference: 'exact' | 'estimated' | undefined][] = [
  ['count=exact', 'exact'],
  ['return=minimal, Count = "Estimated"', 'estimated'],
  ['count=planned', undefined],
  ['count', undefined],
  ['', undefined],
]

for (const [field, preference] of COUNTS) {
  t.test(`Prefer: ${field} requests the count ${preference}`, async (t) => {
    t.equal(countPreference(field), preference)
  })
}
