/** What a client found out when it created, read, replaced, listed and deleted articles. */
export interface Outcome {
  id: number
  title: string
  newTitle: string
  /** Message of the error for a stale ETag in If-Match. */
  staleMessage: string | undefined
  /** Ids of all pages of the list. */
  ids: number[]
  deletedStatus: number | undefined
  /** Message of the error for the deleted article. */
  missingMessage: string | undefined
}
