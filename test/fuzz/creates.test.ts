import { fuzzRoutes } from './fuzz.ts'

fuzzRoutes(({ methods }) => methods.includes('POST'))
