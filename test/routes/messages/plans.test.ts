import { messageList } from '../../../routes/messages/schema.ts'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { testIndexes } from '../../query-plans.ts'

testIndexes({
  list: messageList,
  table: 'messages',
  columns: '(media_type, size, sha256, bytes, created_at)',
  values: "'m' || (i % 10), 0, '', '', 'c' || (i % 5000)",
  createStore: createMessageStore,
})
