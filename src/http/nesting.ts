/** Maximum nesting depth of JSON and XML bodies: more than data needs, far less than would overflow the stack. */
export const NESTING_LIMIT = 32
