import t from 'tap'
import { messageOf } from '../../src/error-message.ts'

t.test(
  'messageOf() returns the message of an error, and the text of any other value',
  async (t) => {
    t.equal(messageOf(new TypeError('no')), 'no')
    t.equal(messageOf('text'), 'text')
    t.equal(messageOf(undefined), 'undefined')
  },
)
