import t from 'tap'
import { messageOf } from '../../src/error-message.ts'

t.test('messageOf says what was thrown, whatever it was', async (t) => {
  t.equal(messageOf(new TypeError('no')), 'no')
  t.equal(messageOf('text'), 'text')
  t.equal(messageOf(undefined), 'undefined')
})
