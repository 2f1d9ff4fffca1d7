/** Divides the time of a CPU profile between the plugins and other modules of the service. */

/** The members of V8's `.cpuprofile` files that this module reads. */
export interface Profile {
  nodes: {
    id: number
    callFrame: { functionName: string; url: string; lineNumber: number }
    children?: number[]
  }[]
  /** Ids of the nodes that ran, one per sample. */
  samples: number[]
  /** Microseconds before each sample. */
  timeDeltas: number[]
}

/** Part of the time, from 0 to 1, by plugin or module. */
export type Shares = Map<string, number>

/** Modules that call Fastify or all plugins, and so contain the whole request. */
const WRAPPERS =
  /^(?:src\/(?:hooks|run-hooks|fastify-options)|plugins\/(?:overload\/|connection\/serialize-per-connection))/

const OTHERS = 'Fastify, Node and others'

/** Returns the path of the module at a line of a file, such as `plugins/cors.ts`; undefined for code of Node. */
export type FindModule = (url: string, line: number) => string | undefined

/**
 * Returns the share of each plugin, and of each other module of the service, in the second half of a profile. Time in a
 * package or in Node counts for the module that has called it, unless this is one of WRAPPERS.
 */
export function sharesOf({ nodes, samples, timeDeltas }: Profile, findModule: FindModule): Shares {
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  )
  const names = new Map<number, string>()
  const idle = new Set<number>()
  for (const { id, callFrame } of nodes) {
    const { functionName, url, lineNumber } = callFrame
    if (functionName === '(idle)') idle.add(id)
    const module = findModule(url, lineNumber)
    if (module === undefined || module.includes('node_modules/')) continue
    names.set(id, WRAPPERS.test(module) ? OTHERS : nameOf(module))
  }
  const nameAt = (sample: number) => {
    let id: number | undefined = sample
    while (id !== undefined && !names.has(id)) id = parents.get(id)
    return (id !== undefined && names.get(id)) || OTHERS
  }
  const times: Shares = new Map()
  let total = 0
  for (let index = samples.length >> 1; index < samples.length; index++) {
    const sample = Number(samples[index])
    if (idle.has(sample)) continue
    const time = Number(timeDeltas[index])
    const name = nameAt(sample)
    times.set(name, (times.get(name) ?? 0) + time)
    total += time
  }
  return new Map([...times].map(([name, time]) => [name, time / total]))
}

/** A plugin or module whose cost per request differs between two versions, in microseconds. */
export interface Difference {
  name: string
  current: number
  base: number
}

/** Returns the largest differences first. */
export function compare(
  current: { cost: number; shares: Shares },
  base: { cost: number; shares: Shares },
): Difference[] {
  const names = [...new Set([...current.shares.keys(), ...base.shares.keys()])]
  return names
    .map((name) => ({
      name,
      current: current.cost * (current.shares.get(name) ?? 0),
      base: base.cost * (base.shares.get(name) ?? 0),
    }))
    .sort((a, b) => Math.abs(b.current - b.base) - Math.abs(a.current - a.base))
}

/** Returns the name of the plugin, or the path of another module. */
function nameOf(module: string): string {
  const [folder, name = ''] = module.split('/')
  return folder === 'plugins' ? name.replace(/\.ts$/, '') : module
}
