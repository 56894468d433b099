/** A mistake of ours, never of a peer's. The process that meets one must not go on. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** Stays on in production: a wrong state that goes on is worse than a stop. */
export function invariant (condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}
