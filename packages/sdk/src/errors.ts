/** The base said no. `message` is its reason. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** The base could not be reached. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}

/** Local media that cannot be published as it is. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}
