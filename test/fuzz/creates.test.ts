import { fuzzRoutes } from './fuzz.ts'

fuzzRoutes(({ methods, isOfPlugin }) => !isOfPlugin && methods.includes('POST'))
