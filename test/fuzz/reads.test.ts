import { fuzzRoutes } from './fuzz.ts'

fuzzRoutes(
  ({ methods, isOfPlugin }) => !isOfPlugin && methods.includes('GET') && !methods.includes('POST'),
)
