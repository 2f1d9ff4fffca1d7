import { fuzzRoutes } from './fuzz.ts'

const OTHERS = ['GET', 'POST']

// Fuzzes the routes whose methods the other test files leave out.
fuzzRoutes(({ methods }) => !methods.some((method) => OTHERS.includes(method)))
