import { fuzzRoutes } from './fuzz.ts'

const OTHERS = ['GET', 'POST']

// The methods that the other files leave out.
fuzzRoutes(({ methods }) => !methods.some((method) => OTHERS.includes(method)))
