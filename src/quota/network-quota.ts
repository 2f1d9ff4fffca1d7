import { NARROW_PER_WIDE, wideNetworkOf } from '../http/client-address.ts'
import type { CreateQuota, Quota, QuotaState } from './quota.ts'

/**
 * Creates a quota for networks as `networkOf` returns them. In a key, a space and other text may follow the network. A
 * request of an IPv6 network also counts for its /56 network, unless the /64 is over its own limit: one network cannot
 * use up the quota of its neighbors.
 */
export function createNetworkQuota(createQuota: CreateQuota, name: string, limit: number): Quota {
  const narrow = createQuota(name, limit)
  const wide = createQuota(`${name}-56`, limit * NARROW_PER_WIDE)
  return {
    take(key, amount = 1) {
      const wideKey = wideKeyOf(key)
      const state = narrow.take(key, amount)
      if (wideKey === undefined) return state
      return andThen(state, (inner) => {
        // The state before -1 and after 1 decides, so that each change of the /64 within its limit counts once.
        if (inner.remaining + Math.min(amount, 0) < 0) return inner
        return andThen(wide.take(wideKey, amount), (outer) =>
          outer.remaining < inner.remaining ? outer : inner,
        )
      })
    },
    isSpent(key) {
      const wideKey = wideKeyOf(key)
      return narrow.isSpent(key) || (wideKey !== undefined && wide.isSpent(wideKey))
    },
  }
}

/** Returns the key with the /56 network; undefined if the network is not an IPv6 /64. */
function wideKeyOf(key: string): string | undefined {
  if (!key.includes('/64')) return undefined // spares most clients the work
  const [network = ''] = key.split(' ', 1)
  const wideNetwork = wideNetworkOf(network)
  return wideNetwork && wideNetwork + key.slice(network.length)
}

type Pending = QuotaState | Promise<QuotaState>

function andThen(state: Pending, next: (state: QuotaState) => Pending): Pending {
  return 'then' in state ? state.then(next) : next(state)
}
