/** The package brings no types of its own. */
declare module 'json-merge-patch' {
  /** Applies a merge patch (RFC 7396) to the target, which it changes. */
  export function apply(target: unknown, patch: unknown): unknown
}
