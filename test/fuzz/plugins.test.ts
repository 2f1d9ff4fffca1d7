import '../fixtures/register.ts'
import { fuzzRoutes } from './fuzz.ts'

fuzzRoutes(({ isOfPlugin }) => isOfPlugin)
