import { RESOURCES } from '../../src/resources.ts'
import { CONSTRAINED, NESTED } from '../fixtures/folder.ts'
import { fuzzRoutes } from './fuzz.ts'

// Fuzzes the fixtures with parents in their paths, and those with constraints.
RESOURCES.splice(0, RESOURCES.length, NESTED, CONSTRAINED)

fuzzRoutes(({ url }) => /^\/(?:boards|owners|projects)\b/.test(url))
