// Schema of a posted article, for the compared frameworks that validate with Zod.
import { z } from 'zod'

export const Draft = z.strictObject({
  title: z.string().min(1).max(200),
  body: z.string().min(1).max(100_000),
  author: z.string().min(1).max(100),
})
