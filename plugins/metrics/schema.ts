import { Type } from 'typebox'
import { OPEN_METRICS, PROMETHEUS_TEXT } from '../../src/metrics/exposition.ts'
import { contentResponse, problemResponses } from '../../src/schemas/responses.ts'

const text = {
  schema: Type.String(),
  example: '# TYPE http_requests_in_flight gauge\nhttp_requests_in_flight 1\n',
}

export const readMetrics = {
  operationId: 'readMetrics',
  summary: 'Read the metrics',
  'x-resource': 'Measurements of the service for Prometheus',
  response: {
    200: contentResponse('The metrics in a format that Prometheus reads', {
      [PROMETHEUS_TEXT]: text,
      [OPEN_METRICS]: text,
    }),
    ...problemResponses(),
  },
} as const
