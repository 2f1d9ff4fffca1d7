import { fuzzRoutes } from './fuzz.ts'

fuzzRoutes(({ methods }) => methods.includes('GET') && !methods.includes('POST'))
