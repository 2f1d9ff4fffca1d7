import { userList } from '../../../routes/users/schema.ts'
import { createUserStore } from '../../../routes/users/store.ts'
import { testIndexes } from '../../query-plans.ts'

testIndexes({
  list: userList,
  table: 'users',
  columns: '(name)',
  values: "'n' || (i % 10)",
  createStore: createUserStore,
})
