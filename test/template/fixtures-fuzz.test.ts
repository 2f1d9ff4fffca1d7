import { RESOURCES } from '../../src/resources.ts'
import { CONSTRAINED, NESTED } from '../fixtures/folder.ts'

// Fuzzes the fixtures with parents in their paths, and those with constraints.
RESOURCES.splice(0, RESOURCES.length, NESTED, CONSTRAINED)

// These routes seldom change, so fewer requests suffice.
process.env.FUZZ_RUNS ||= '1000'
const { fuzzRoutes } = await import('../fuzz/fuzz.ts')

fuzzRoutes(({ url }) => url.startsWith('/fixture-'))
