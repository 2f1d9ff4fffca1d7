import t from 'tap'
import { prepareName, preparePassword } from '../../../plugins/auth/user-text.ts'

const CONTROLS = ['\0', '\t', '\n', '\r', '\x1f', '\x7f', '\x80', '\x9f']

const PASSWORDS: [title: string, text: string, prepared: string][] = [
  ['ASCII', ' se:cr"et~', ' se:cr"et~'],
  ['composed characters', 'p\u00e4ss', 'p\u00e4ss'],
  ['decomposed characters', 'pa\u0308ss', 'p\u00e4ss'],
  ['Hangul syllables in parts', '\u1112\u1161\u11ab', '\ud55c'],
  ['a sign with the same look as another', '\u212b', '\u00c5'],
  ['spaces of other scripts', 'a\u00a0b\u2003c\u3000d', 'a b c d'],
  ['characters of full width', '\uff21', '\uff21'],
  ['upper case', 'SECRET', 'SECRET'],
  ['emoji', '\u{1f44b}\u{1f3fd}\u200d\u2764\ufe0f', '\u{1f44b}\u{1f3fd}\u200d\u2764\ufe0f'],
  ['a line separator', 'a\u2028b\u2029c', 'a\u2028b\u2029c'],
]

for (const [title, text, prepared] of PASSWORDS) {
  t.test(`preparePassword() accepts ${title}`, async (t) => {
    t.equal(preparePassword(text), prepared)
    t.equal(preparePassword(prepared), prepared, 'a prepared password stays as it is')
  })
}

for (const prepare of [prepareName, preparePassword]) {
  t.test(`${prepare.name}() refuses an empty text and control characters`, async (t) => {
    for (const text of ['', ...CONTROLS.flatMap((each) => [each, `a${each}`, `${each}a`])]) {
      t.equal(prepare(text), undefined, JSON.stringify(text))
    }
  })
}

t.test('prepareName() composes characters, and keeps case and spaces', async (t) => {
  t.equal(prepareName('Zoe\u0308 von\u00a0X'), 'Zo\u00eb von\u00a0X')
})

t.test('text with U+FFFD, which stands for bytes that are not UTF-8, is refused', async (t) => {
  for (const prepare of [prepareName, preparePassword]) t.equal(prepare('zo\ufffd'), undefined)
})
