/** Why a viewer cannot have what it asks for, by the status that says so. */
export class MediumError extends Error {
  override readonly name = 'MediumError'
  readonly status: 400 | 403 | 404 | 410 | 416 | 429 | 500 | 503
  /** When to ask again, in seconds; undefined where it would not help. */
  readonly retryAfterS: number | undefined

  constructor (status: MediumError['status'], message: string, retryAfterS?: number, options?: ErrorOptions) {
    super(message, options)
    this.status = status
    this.retryAfterS = retryAfterS
  }
}

/** The bytes behind one path, opened for one request. */
export interface Medium {
  /** In bytes; undefined while nobody knows where a live medium ends. */
  readonly size: number | undefined
  readonly modifiedMs: number
  /** Whether some of its bytes may still be on their way. */
  readonly arriving: boolean
  /**
   * SHA-256 of all of it, in hex, if it is known.
   *
   * @param worth - whether the request depends on it: then it is worth to hash for
   */
  digest (worth: boolean): Promise<string | undefined>
  /** Behind the last byte that can be read, from `offset` on, without waiting; `offset` if none can. */
  heldUntil (offset: number): number
  /** All that can be read without waiting, in order. */
  heldRuns (): Iterable<{ readonly first: number, readonly end: number }>
  /**
   * Wait until the byte at `offset` can be read, or a live medium has ended before it.
   *
   * @throws {MediumError} if it does not come in time, or never will
   */
  ready (offset: number, signal: AbortSignal): Promise<void>
  /**
   * The bytes at `offset`: at least one, at most `length`; none at the end of a live medium.
   * What has not arrived is waited for, for a while.
   *
   * @throws {MediumError} if it does not come, or never will
   */
  read (offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>
  close (): Promise<void>
}

/** Where media is looked for; several are asked one after the other. */
export interface MediaSource {
  /**
   * @param path - checked components
   * @returns undefined if there is no such medium here
   * @throws {MediumError} if there is, and it cannot be served
   */
  open (path: readonly string[], signal: AbortSignal): Promise<Medium | undefined>
}
