import { fuzzRoutes } from './fuzz.ts'

const OTHERS = ['GET', 'POST']

// Fuzzes the routes that the other test files leave out: those without GET and POST.
fuzzRoutes(
  ({ methods, isOfPlugin }) => !isOfPlugin && !methods.some((method) => OTHERS.includes(method)),
)
