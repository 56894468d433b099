import type { Entry } from '@sluice/wire'
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
  /** A live put's final page is here: what follows of these methods rests on it. */
  closed (end: LiveEnd): void
  /**
   * Make the files appear at their destination, each only when it is whole and
   * durable. May be done again after a crash, with the same outcome.
   */
  commit (): Promise<CommitResult>
  /**
   * Whether it can be published, without showing anything yet.
   *
   * @returns bytes of media
   */
  hold (): Promise<number>
  /**
   * Compare what is published of one entry with what is staged.
   *
   * @param place - where it is by now, as components below the media root
   * @returns what is wrong with it, if anything is
   */
  audit (entry: Entry, place: readonly string[]): Promise<string | undefined>
}
