import t from 'tap'
import { weaknessOf } from '../../../src/commands/password-strength.ts'

const ACCEPTED = [
  'correct horse battery',
  'xK4#mP9$vL2@qR7',
  'der Hund frisst Kuchen',
  'パスワードではない長い文章です',
  '\u{1f98a}\u{1f33b}\u{1f9ca}\u{1f388}\u{1f4da}\u{1f30b}\u{1f6b2}\u{1f3bb}\u{1f955}\u{1f9ed}\u{1f512}\u{1f340}\u{1f41d}\u{1f3d4}\u{1f35e}',
]

for (const password of ACCEPTED) {
  t.test(`${password} is accepted`, async (t) => {
    t.equal(weaknessOf(password, 'luis'), undefined)
  })
}

for (const password of ['', 'secret', 'x4#mP9$vL2@qR7', '\u{1f98a}'.repeat(14)]) {
  t.test(`${JSON.stringify(password)} is too short`, async (t) => {
    t.match(weaknessOf(password, 'luis'), /at least 15 characters/)
  })
}

const GUESSABLE = [
  'passwordpassword',
  'P@ssw0rdP@ssw0rd!',
  'Password123456789',
  '123456789012345',
  'aaaaaaaaaaaaaaaaaaaa',
  'abcabcabcabcabcabc',
  'zyxwvutsrqponmlkjihg',
  'qwertyuiopasdfghjkl',
  '1qaz2wsx3edc4rfv',
  'letmeinletmein2026',
  'correcthorsebatterystaple',
  'luisluisluisluis1',
  'LuisAdminSecret1',
]

for (const password of GUESSABLE) {
  t.test(`${password} is easy to guess`, async (t) => {
    t.match(weaknessOf(password, 'luis'), /easy to guess/)
  })
}

t.test('the name of another account may be in a password', async (t) => {
  t.equal(weaknessOf('luis reads books', 'ana'), undefined)
})
