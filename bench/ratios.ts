/** CPU time of a server. */
export interface Costs {
  name: string
  /** By work: CPU time per request. */
  works: Record<string, { cpu: number }>
}

/** Returns how many requests a server handles in the CPU time that the other takes for one. */
export function ratioTo(servers: readonly Costs[], name: string, work: string, to = 'bare') {
  const cost = (server: string) =>
    servers.find((each) => each.name === server)?.works[work]?.cpu ?? Number.NaN
  return cost(to) / cost(name)
}
