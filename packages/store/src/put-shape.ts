import type { Entry } from '@sluice/wire'

/** What a put's command says of its size and place. */
export interface PutShape {
  /** Job id, checked by its pattern: it names a folder. */
  readonly job: string
  readonly seq: number
  /** Path components below the media root; none: the root itself. */
  readonly destination: readonly string[]
  /** One file: the destination is its own path, and its entry has none. */
  readonly single: boolean
  /** Of the whole sequence; undefined while nobody knows (live). */
  readonly pieces: number | undefined
  readonly manifestBytes: number
  /** Of media, all files together; 0 while unknown. */
  readonly bytes: number
}

/**
 * The bytes of one put, from their arrival until nobody needs them.
 *
 * Every method throws a StoreError. Once a failed fdatasync has made it unknown
 * what is on the disk, all but `discard` and `close` throw that same error.
 */
export interface StagedPut {
  readonly shape: PutShape
  /** As soon as all its pieces are written. */
  readonly manifest: Entry[] | undefined
  /** Whether this piece was written. */
  has (piece: number): boolean
  /** Keep one piece, verified by the caller. In whatever order, concurrently, and more than once. */
  write (piece: number, bytes: Uint8Array): Promise<void>
  /** A written piece, during arrival, during commit and after it. What the disk gives back is not verified here. */
  read (piece: number, length: number): Promise<Uint8Array>
  /** Forget one piece that the disk gives back wrong, so that it can be written again. */
  forget (piece: number): void
  /** All whose write() had resolved before the call is durable when this resolves. */
  sync (): Promise<void>
  /** Free the staged bytes; never what was published. */
  discard (): Promise<void>
  /** Close the files; the bytes stay for the next open(). */
  close (): Promise<void>
}
