/** The deepest that a body may nest, JSON and XML alike: far more than data needs, far less than a stack. */
export const NESTING_LIMIT = 32
