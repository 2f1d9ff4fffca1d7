import { existsSync, readdirSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { readCommand } from '../../src/commands/database-command.ts'
import { parseConfig } from '../../src/config.ts'
import { ACCOUNT } from '../app.ts'
import { CONTAINER_ENVIRONMENT, KEYS, numberOf, readText, readYaml } from './files.ts'

type Labels = Record<string, string>

interface Selector {
  matchLabels: Labels
}

interface Probe {
  httpGet: { path: string; port: string }
  timeoutSeconds: number
  periodSeconds: number
  failureThreshold: number
}

interface Deployment {
  metadata: { name: string }
  spec: {
    replicas?: number
    minReadySeconds: number
    progressDeadlineSeconds: number
    selector: Selector
    strategy: { rollingUpdate: { maxSurge: number; maxUnavailable: number } }
    template: {
      metadata: { labels: Labels }
      spec: {
        terminationGracePeriodSeconds: number
        automountServiceAccountToken: boolean
        securityContext: object
        topologySpreadConstraints: { labelSelector: Selector }[]
        containers: {
          image: string
          ports: { name: string; containerPort: number }[]
          env: { name: string; value: string }[]
          envFrom: { secretRef: { name: string } }[]
          securityContext: object
          resources: { requests: Labels; limits: Labels }
          startupProbe: Probe
          livenessProbe: Probe
          readinessProbe: Probe
        }[]
      }
    }
  }
}

interface Kustomization {
  resources: string[]
  images: { name: string; newTag: string }[]
}

const FOLDER = 'deploy/kubernetes'

/** Folder of the component that is not used by default. */
const MIGRATION = 'migration-job'

const kustomization = readYaml<Kustomization>(`${FOLDER}/kustomization.yaml`)
const deployment = readYaml<Deployment>(`${FOLDER}/deployment.yaml`)
const service = readYaml<{
  spec: { selector: Labels; ports: { targetPort: string }[] }
}>(`${FOLDER}/service.yaml`)
const autoscaler = readYaml<{
  spec: {
    scaleTargetRef: { apiVersion: string; kind: string; name: string }
    minReplicas: number
    maxReplicas: number
  }
}>(`${FOLDER}/autoscaler.yaml`)
const budget = readYaml<{
  spec: { maxUnavailable: number; unhealthyPodEvictionPolicy: string; selector: Selector }
}>(`${FOLDER}/disruption-budget.yaml`)
const policy = readYaml<{
  spec: {
    podSelector: Selector
    policyTypes: string[]
    ingress: { ports: { port: string }[] }[]
  }
}>(`${FOLDER}/network-policy.yaml`)

const { spec: pod, metadata } = deployment.spec.template
const [container, ...others] = pod.containers
if (!container) throw new Error('the deployment has no container')
const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]))
const portOf = (name: string) => container.ports.find((port) => port.name === name)?.containerPort

t.test(
  'the kustomization lists every manifest, and each has the name and label of the service',
  async (t) => {
    const files = readdirSync(new URL(`../../${FOLDER}`, import.meta.url))
    const others = ['kustomization.yaml', MIGRATION]
    t.strictSame([...kustomization.resources, ...others].sort(), files.sort())
    for (const file of kustomization.resources) {
      const { metadata } = readYaml<{ metadata: object }>(`${FOLDER}/${file}`)
      const name = deployment.metadata.name
      t.strictSame(metadata, { name, labels: { 'app.kubernetes.io/name': name } }, file)
    }
  },
)

t.test('every selector matches the pods', async (t) => {
  const selectors = {
    deployment: deployment.spec.selector.matchLabels,
    service: service.spec.selector,
    budget: budget.spec.selector.matchLabels,
    policy: policy.spec.podSelector.matchLabels,
    ...pod.topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels),
  }
  for (const [name, labels] of Object.entries(selectors))
    t.strictSame(labels, metadata.labels, name)
})

t.test('the image has the name and version of package.json', async (t) => {
  const { name, version } = JSON.parse(readText('package.json'))
  t.strictSame(others, [], 'the pod has no other container')
  t.equal(container.image, name)
  t.match(kustomization.images, [{ name, newTag: version }])
})

t.test('every named port exists, and the service listens on it', async (t) => {
  t.equal(portOf('http'), Number(CONTAINER_ENVIRONMENT.PORT))
  t.equal(portOf('metrics'), Number(environment.ADMIN_PORT))
  const names = [
    ...service.spec.ports.map(({ targetPort }) => targetPort),
    ...policy.spec.ingress.flatMap(({ ports }) => ports.map(({ port }) => port)),
  ]
  t.strictSame(names, ['http', 'http', 'metrics'])
})

t.test('the service reads every variable, and secrets come from the Secret', async (t) => {
  for (const name of Object.keys(environment)) t.ok(KEYS.has(name), name)
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'AUTH_USERS', 'AUTH_TOKENS']) {
    t.notOk(name in environment, `${name} comes from the Secret`)
  }
  t.strictSame(container.envFrom, [{ secretRef: { name: deployment.metadata.name } }])
})

t.test('probes request liveness and readiness on the metrics port', async (t) => {
  const { startupProbe, livenessProbe, readinessProbe } = container
  // Clients may use up all connections to the port `http`, so the probe uses another port.
  t.strictSame(startupProbe.httpGet, { path: '/health/live', port: 'metrics' })
  t.strictSame(livenessProbe.httpGet, { path: '/health/live', port: 'metrics' })
  t.strictSame(readinessProbe.httpGet, { path: '/health/ready', port: 'metrics' })
})

t.test('the readiness probe fails before a stopping pod closes its port', async (t) => {
  const { readinessProbe } = container
  const databaseTimeout = numberOf(environment, 'DATABASE_TIMEOUT')
  t.ok(
    readinessProbe.timeoutSeconds * 1_000 > databaseTimeout,
    'the probe waits longer than the readiness check of the database',
  )
  const noticedAfter = readinessProbe.periodSeconds * readinessProbe.failureThreshold * 1_000
  t.ok(noticedAfter < numberOf(environment, 'SHUTDOWN_DELAY'))
})

t.test(
  'the deadline of a rollout is longer than the time that the startup probe allows',
  async (t) => {
    const { periodSeconds, failureThreshold } = container.startupProbe
    const { progressDeadlineSeconds, minReadySeconds } = deployment.spec
    t.ok(progressDeadlineSeconds > periodSeconds * failureThreshold + minReadySeconds)
  },
)

t.test('the grace period of a pod is longer than the shutdown of the service', async (t) => {
  const shutdown =
    numberOf(environment, 'SHUTDOWN_DELAY') + numberOf(environment, 'SHUTDOWN_TIMEOUT')
  t.ok(pod.terminationGracePeriodSeconds * 1_000 > shutdown)
})

t.test('replicas keep serving during a rollout and a node drain', async (t) => {
  t.equal(deployment.spec.replicas, undefined, 'the autoscaler sets the number of replicas')
  const { apiVersion, kind } = readYaml<{ apiVersion: string; kind: string }>(
    `${FOLDER}/deployment.yaml`,
  )
  t.strictSame(autoscaler.spec.scaleTargetRef, { apiVersion, kind, name: deployment.metadata.name })
  t.equal(autoscaler.spec.minReplicas, 3)
  t.ok(autoscaler.spec.maxReplicas > autoscaler.spec.minReplicas)
  t.ok(budget.spec.maxUnavailable < autoscaler.spec.minReplicas)
  t.equal(
    budget.spec.unhealthyPodEvictionPolicy,
    'AlwaysAllow',
    'a pod that is not ready does not block a node drain',
  )
  t.equal(deployment.spec.strategy.rollingUpdate.maxUnavailable, 0)
})

/** Default max_connections of PostgreSQL (100), without the 3 reserved for superusers. */
const POSTGRES_CONNECTIONS = 97

t.test('all replicas together stay below the connection limit of PostgreSQL', async (t) => {
  const { maxSurge } = deployment.spec.strategy.rollingUpdate
  const processes = (autoscaler.spec.maxReplicas + maxSurge) * numberOf(environment, 'WORKERS')
  t.ok(processes * numberOf(environment, 'DATABASE_CONNECTIONS') <= POSTGRES_CONNECTIONS)
})

t.test(
  'the pods meet the restricted Pod Security Standard, with a read-only file system',
  async (t) => {
    t.strictSame(pod.securityContext, {
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    t.strictSame(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    t.equal(pod.automountServiceAccountToken, false)
    t.strictSame(policy.spec.policyTypes, ['Ingress', 'Egress'])
    t.match(container.resources, { requests: { cpu: /./, memory: /./ }, limits: { memory: /./ } })
  },
)

interface CronJob {
  spec: {
    schedule: string
    jobTemplate: {
      spec: {
        template: {
          metadata: { labels: Labels }
          spec: {
            securityContext: object
            containers: {
              image: string
              args: string[]
              env: { name: string }[]
              envFrom: object[]
              securityContext: object
              volumeMounts: { mountPath: string }[]
            }[]
            volumes: { persistentVolumeClaim: { claimName: string } }[]
          }
        }
      }
    }
  }
}

t.test('a job writes backups with the image and the Secret of the service', async (t) => {
  const { template } = readYaml<CronJob>(`${FOLDER}/backup.yaml`).spec.jobTemplate.spec
  const [job] = template.spec.containers
  t.equal(job?.image, container.image)
  t.strictSame(job?.envFrom, container.envFrom)
  t.strictSame(job?.securityContext, container.securityContext)
  t.match(template.spec.securityContext, pod.securityContext)
  for (const { name } of job?.env ?? []) t.ok(KEYS.has(name), name)
  const [file = '', ...args] = job?.args ?? []
  t.ok(readCommand(args), 'the command exists')
  t.ok(existsSync(new URL(`../../${file}`, import.meta.url)))
  t.strictSame(
    job?.volumeMounts.map(({ mountPath }) => mountPath),
    [args[args.indexOf('--folder') + 1]],
  )
  const { metadata: claim } = readYaml<{ metadata: { name: string } }>(
    `${FOLDER}/backup-volume.yaml`,
  )
  t.strictSame(
    template.spec.volumes.map(({ persistentVolumeClaim }) => persistentVolumeClaim.claimName),
    [claim.name],
  )
  const isMatched = Object.entries(service.spec.selector).every(
    ([label, value]) => template.metadata.labels[label] === value,
  )
  t.notOk(isMatched, 'the service sends no requests to the job')
})

interface Component {
  resources: string[]
  patches: { target: { kind: string; name: string }; patch: string }[]
}

interface Job {
  metadata: object
  spec: CronJob['spec']['jobTemplate']['spec']
}

t.test(
  'with the component, a job migrates the database, and the replicas wait for it',
  async (t) => {
    const folder = `${FOLDER}/${MIGRATION}`
    const listed = readText(`${FOLDER}/kustomization.yaml`)
    t.match(listed, `# components:\n#   - ${MIGRATION}\n`)
    const { resources, patches } = readYaml<Component>(`${folder}/kustomization.yaml`)
    t.strictSame(resources, ['job.yaml'])
    const [patch] = patches
    t.match(patch?.target, { kind: 'Deployment', name: deployment.metadata.name })
    const path = '/spec/template/spec/containers/0/env/-'
    const value = { name: 'MIGRATE', value: 'check' }
    t.strictSame(parse(String(patch?.patch)), [{ op: 'add', path, value }])
    t.match(parseConfig({ [value.name]: value.value }), { storage: { migrate: 'check' } })

    const { metadata, spec } = readYaml<Job>(`${folder}/job.yaml`)
    const name = deployment.metadata.name
    t.strictSame(metadata, { name, labels: { 'app.kubernetes.io/name': name } })
    const [job] = spec.template.spec.containers
    t.equal(job?.image, container.image)
    t.strictSame(job?.envFrom, container.envFrom)
    t.strictSame(job?.securityContext, container.securityContext)
    t.strictSame(spec.template.spec.securityContext, pod.securityContext)
    t.strictSame(job?.args, ['src/commands/db.ts', 'migrate'])
    t.ok(readCommand(job?.args.slice(1) ?? []))
    const labels = spec.template.metadata.labels
    t.not(labels['app.kubernetes.io/name'], service.spec.selector['app.kubernetes.io/name'])
  },
)

t.test('the pods do not start until TRUST_PROXY is filled in', async (t) => {
  const { TRUST_PROXY = '' } = environment
  t.throws(() => parseConfig({ ...ACCOUNT, TRUST_PROXY }), { message: /^TRUST_PROXY is "set-this/ })
})
