/** Types of the parts of OpenAPI 3.1 that the document uses (spec.openapis.org/oas/v3.1.1). */
import type { Deprecated } from '../../src/http/deprecation.ts'
import type { Header } from '../../src/schemas/header.ts'

export interface Document {
  openapi: string
  info: { title: string; version: string; description?: string }
  servers: { url: string; description: string }[]
  tags?: { name: string; description?: string }[]
  /** Operations by path template, then by method in lower case. */
  paths: Record<string, Record<string, Operation>>
  components: Components
}

export interface Components {
  schemas: Record<string, Schema>
  headers: Record<string, Header>
  parameters: Record<string, Parameter>
  responses: Record<string, Response>
  securitySchemes: Record<string, object>
}

export interface Operation extends Deprecated {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: (Parameter | Reference)[]
  requestBody?: { required?: boolean; content: Content }
  /** Responses by status, or `default`. */
  responses: Record<string, Response | Reference>
  security?: Record<string, string[]>[]
  [extension: `x-${string}`]: unknown
}

export interface Response {
  description: string
  headers?: Record<string, Header | Reference>
  content?: Content
}

/** Schemas and examples by media type. */
export type Content = Record<
  string,
  { schema?: object; example?: unknown; examples?: Record<string, { value: unknown }> }
>

export interface Parameter extends Header {
  name: string
  in: 'header' | 'path' | 'query'
}

export interface Reference {
  $ref: string
}

/** A JSON Schema (2020-12). */
export type Schema = Record<string, unknown>
