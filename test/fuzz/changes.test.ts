import { fuzzRoutes } from './fuzz.ts'

const OTHERS = ['GET', 'POST']

// whatever the other files leave
fuzzRoutes(({ methods }) => !methods.some((method) => OTHERS.includes(method)))
