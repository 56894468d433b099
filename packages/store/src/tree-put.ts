import type { StagedPut } from './put-shape.ts'

/** How a live put ended: its final page says so. */
export interface LiveEnd {
  readonly pieces: number
  /** Bytes of a piece; 0 for one that was given up (a gap). */
  readonly length: (piece: number) => number
}

export interface CommitResult {
  readonly files: number
  readonly directories: number
  readonly links: number
  /** Of media, without the manifest. */
  readonly bytes: number
  /** What this server could not set, one line per attribute, not per entry: a receipt has to hold it. */
  readonly notApplied: string[]
}

/** A staged put that can be published. */
export interface TreePut extends StagedPut {
  /**
   * Make the files appear at their destination, each only when it is whole and
   * durable. May be done again after a crash, with the same outcome.
   *
   * @param end - of a live put, and only then
   */
  commit (end?: LiveEnd): Promise<CommitResult>
}
