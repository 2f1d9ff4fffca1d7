/** A breaking change of the OpenAPI document since the last release that is made on purpose. */
export interface DeclaredChange {
  /** Matches the change as the test prints it, such as `remove paths /books get responses 200 …`. */
  change: RegExp
  reason: string
}

/** Empty this list after each release. */
export const DECLARED_CHANGES: DeclaredChange[] = []
