import { Type } from 'typebox'
import { OPEN_METRICS, PROMETHEUS_TEXT } from '../../src/metrics/exposition.ts'
import { contentResponse, problemResponses } from '../../src/schemas/responses.ts'

const text = { schema: Type.String() }

export const readMetrics = {
  operationId: 'readMetrics',
  summary: 'Give the metrics of the service to Prometheus',
  response: {
    200: contentResponse('The metrics', { [PROMETHEUS_TEXT]: text, [OPEN_METRICS]: text }, [
      'Cache-Control',
    ]),
    ...problemResponses(),
  },
} as const
