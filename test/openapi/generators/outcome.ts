/** Results of a client that creates, reads, replaces, lists and deletes articles. */
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

/** Returns the data of a response. Throws an error with the message of the service if there is none. */
export function dataOf<Data>({ data, error }: { data?: Data; error?: { message: string } }): Data {
  if (data === undefined) throw new Error(error?.message)
  return data
}

/** Returns the cursor of the next page from the value of Link; undefined on the last page. */
export function cursorIn(link: string | null | undefined): string | undefined {
  return /after=([^>&]+)/.exec(link ?? '')?.[1]
}
