/** Names of samplers, as in OTEL_TRACES_SAMPLER (OpenTelemetry, "Environment Variable Specification"). */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const
export type SamplerName = (typeof SAMPLERS)[number]
