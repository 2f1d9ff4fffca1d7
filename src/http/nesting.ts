/** Maximum nesting depth of JSON and XML bodies. Deeper bodies could overflow the stack. */
export const NESTING_LIMIT = 32
