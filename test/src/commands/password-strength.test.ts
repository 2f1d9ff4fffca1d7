import t from 'tap'
import { weaknessOf } from '../../../src/commands/password-strength.ts'

const ACCEPTED = [
  'correct horse battery',
  'xK4#mP9$vL2@qR7',
  'der Hund frisst Kuchen',
  'garden umbrella copper seven',
  'wolf tin rug cloud moth',
  'plum-harbor-velvet-tuesday',
  'were deer sadder than trees',
  'Fahrrad Wolke Teppich Dose',
  'Igel.Kerze.Bahnhof.Zwiebel',
  'nuage tapis bouteille vélo',
  'girafe marteau citron quai',
  'the password of my hamster lives in Oslo',
  'kZ3vTq8LmWx1RbHd',
  'f7c1e09ab25d8846e3b0',
  '#;~|/:.*?-+&=<)]%',
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
  // known passphrases, and common words with separators
  'correct horse battery staple',
  'correct-horse-battery-staple',
  'Correct_Horse.Battery Staple!',
  'I love you so much!',
  'hello-password-admin-2026',
  'Welcome / Dragon / Letmein',
  'hello.password/admin_root=monkey',
  'Summer2026-Winter2027',
  'administrator!loveyou',
  'luis.secret@football#1',
  // walks on a keyboard: along rows, along columns, in zigzag, with shift, from row to row
  'qwerty123456789!',
  'poiuytrewqlkjhgf',
  'q1w2e3r4t5y6u7i8',
  'q1w2e3r4t5y6u7i8o9p0',
  '1q2w3e4r5t6y7u8i9o',
  'qazwsxedcrfvtgby',
  'qazwsxedcrfvtgbyhnujmik,ol.p',
  'zaq12wsxcde34rfv',
  'zaq1xsw2cde3vfr4',
  '1qazxsw23edcvfr4',
  '1qa2ws3ed4rf5tg',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,',
  '!QAZ2wsx#EDC4rfv',
  '1qaz@WSX3edc$RFV',
  'йцукенгшщзхъфыва',
  'ｐａｓｓｗｏｒｄ１２３４５６７',
  '!QAZ@WSX#EDC$RFV',
  'QwErTyUiOp[]\\AsDf',
  '1234qwerasdfzxcv',
  '123qweasdzxcrtyfgh',
  'qweasdzxcrtyfghvbn',
  "asdfghjkl;'zxcvbnm",
  '!@#$%^&*()_+!@#$%^',
  'letmein1qaz2wsx3edc',
  // on a German and on a French keyboard
  'qaywsxedcrfvtgbz',
  '1qay"WSX3edc$RFV',
  'qwertzuiopü+asdf',
  'azertyuiopqsdfghjklm',
  'aqwzsxedcrfvtgby',
  '&é"\'(-è_çàazertyu',
  // two sequences in turn
  'a1b2c3d4e5f6g7h8',
]

for (const password of GUESSABLE) {
  t.test(`${password} is easy to guess`, async (t) => {
    t.match(weaknessOf(password, 'luis'), /easy to guess/)
  })
}

t.test('the name of another account may be in a password', async (t) => {
  t.equal(weaknessOf('luis reads books', 'ana'), undefined)
})
