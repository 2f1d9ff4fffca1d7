/** What is compared of a server. */
export interface Costs {
  name: string
  /** By work: the time of the processor for each request. */
  works: Record<string, { cpu: number }>
}

/** How many times more of a work bare Fastify does than this server, in the same time of the processor. */
export function ratioTo(servers: readonly Costs[], name: string, work: string, to = 'bare') {
  const cost = (server: string) =>
    servers.find((each) => each.name === server)?.works[work]?.cpu ?? Number.NaN
  return cost(to) / cost(name)
}

/** How much less than the committed ratio to bare Fastify is a loss. */
const TOLERANCE = 0.15

/** What has become slower than it was, as ratios to bare Fastify of the same run; a line for each. */
export function findLosses(kept: readonly Costs[], now: readonly Costs[]): string[] {
  return now.flatMap(({ name, works }) =>
    Object.keys(works).flatMap((work) => {
      const before = ratioTo(kept, name, work)
      const after = ratioTo(now, name, work)
      const isLost = after < before * (1 - TOLERANCE)
      return isLost
        ? [`${name} ${work}: ${after.toFixed(2)} of bare Fastify, was ${before.toFixed(2)}`]
        : []
    }),
  )
}
