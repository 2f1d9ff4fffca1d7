import { Type } from 'typebox'
import { OPEN_METRICS, PROMETHEUS_TEXT } from '../../src/metrics/exposition.ts'
import { problems } from '../../src/schemas/responses.ts'

const text = { schema: Type.String() }

export const readMetrics = {
  operationId: 'readMetrics',
  summary: 'Give the metrics of the service to Prometheus',
  response: {
    200: {
      description: 'The metrics',
      content: { [PROMETHEUS_TEXT]: text, [OPEN_METRICS]: text },
    },
    ...problems(),
  },
} as const
