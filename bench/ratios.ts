/** CPU time per request of a server. */
export interface Costs {
  name: string
  /** Keyed by the name of the workload. */
  workloads: Record<string, { cpu: number }>
}

/** Returns the number of requests that the server `name` handles in the CPU time of one request to the server `to`. */
export function ratioTo(servers: readonly Costs[], name: string, workload: string, to = 'bare') {
  const cost = (server: string) =>
    servers.find((each) => each.name === server)?.workloads[workload]?.cpu ?? Number.NaN
  return cost(to) / cost(name)
}
