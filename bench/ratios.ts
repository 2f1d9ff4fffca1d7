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
