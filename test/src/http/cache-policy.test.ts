import t from 'tap'
import { type CachePolicy, cacheControl, policyProblem } from '../../../src/http/cache-policy.ts'

const VALUES: [policy: CachePolicy, shared: string, isPrivate: string][] = [
  [{}, 'no-cache', 'private, no-cache'],
  [{ public: true }, 'public, no-cache', 'private, no-cache'],
  [{ noStore: true }, 'no-store', 'no-store'],
  [{ maxAge: 0 }, 'max-age=0', 'private, max-age=0'],
  [{ maxAge: 60 }, 'max-age=60', 'private, max-age=60'],
  [{ sMaxAge: 60 }, 'max-age=0, s-maxage=60', 'private, max-age=0'],
  [
    { public: true, maxAge: 1, sMaxAge: 2, staleWhileRevalidate: 3, staleIfError: 4 },
    'public, max-age=1, s-maxage=2, stale-while-revalidate=3, stale-if-error=4',
    'private, max-age=1, stale-while-revalidate=3, stale-if-error=4',
  ],
  [
    { public: true, maxAge: 31_536_000, immutable: true },
    'public, max-age=31536000, immutable',
    'private, max-age=31536000, immutable',
  ],
]

for (const [policy, shared, isPrivate] of VALUES) {
  t.test(`the policy ${JSON.stringify(policy)} becomes ${shared}`, async (t) => {
    t.equal(cacheControl(policy, false), shared)
    t.equal(cacheControl(policy, true), isPrivate)
    t.equal(policyProblem(policy, false), undefined)
  })
}

const PROBLEMS: [policy: CachePolicy, isProtected: boolean, problem: RegExp | undefined][] = [
  [{ noStore: true, maxAge: 1 }, false, /noStore cannot be combined/],
  [{ staleWhileRevalidate: 1 }, false, /require maxAge or sMaxAge/],
  [{ staleIfError: 0 }, false, /require maxAge or sMaxAge/],
  [{ immutable: true }, false, /require maxAge or sMaxAge/],
  [{ public: true }, true, /requires authentication cannot have public or sMaxAge/],
  [{ sMaxAge: 0 }, true, /requires authentication cannot have public or sMaxAge/],
  [{ maxAge: 60, staleIfError: 60, public: false }, true, undefined],
]

for (const [policy, isProtected, problem] of PROBLEMS) {
  const route = isProtected ? 'a protected route' : 'a route'
  const verdict = problem ? 'is refused' : 'is accepted'
  t.test(`the policy ${JSON.stringify(policy)} of ${route} ${verdict}`, async (t) => {
    t.match(policyProblem(policy, isProtected), problem)
  })
}
