import { Readable } from 'node:stream'
import { type Medium, MediumError } from './medium.ts'
import type { UplinkShare } from './uplink-share.ts'

/** What all viewers together may have in memory, in bytes; each holds three blocks at most: read ahead, in the stream, in the socket. */
const MEMORY_BYTES = 96 * 1024 * 1024
const BLOCKS_HELD = 3
/** Larger ones are not faster, and keep others waiting for their turn of a shared rate. */
const MAX_BLOCK_BYTES = 512 * 1024
/** Smaller ones cost more than they save: with so many viewers connections are refused first. */
const MIN_BLOCK_BYTES = 32 * 1024

/** What is read and handed to a viewer's socket at a time. */
export function blockBytes (viewers: number): number {
  return Math.max(MIN_BLOCK_BYTES, Math.min(MAX_BLOCK_BYTES, Math.floor(MEMORY_BYTES / BLOCKS_HELD / Math.max(1, viewers))))
}

export interface BodyInit {
  readonly medium: Medium
  readonly first: number
  /** Behind the last byte; undefined: to the end, wherever that will be. */
  readonly end: number | undefined
  /** Every one of these has to let a block pass. */
  readonly shares: readonly UplinkShare[]
  /** Answers that are being sent, this one included. */
  readonly viewers: () => number
  /** Aborted when the viewer has gone. */
  readonly signal: AbortSignal
  readonly onSent: (bytes: number) => void
}

/** The bytes of an answer, in order, as they can be had and as fast as the viewer takes them. Closes the medium. */
export function bodyOf (init: BodyInit): Readable {
  let begun = false
  const stream = Readable.from(blocks(init, () => { begun = true }), { objectMode: false, highWaterMark: blockBytes(init.viewers()) })
  // A generator that was never begun has no end to close anything at.
  stream.once('close', () => { if (!begun) void init.medium.close() })
  return stream
}

async function * blocks ({ medium, first, end, shares, viewers, signal, onSent }: BodyInit, onBegun: () => void): AsyncGenerator<Uint8Array> {
  onBegun()
  try {
    for (let at = first; end == null || at < end;) {
      const bytes = await medium.read(at, Math.min(blockBytes(viewers()), (end ?? Number.POSITIVE_INFINITY) - at), signal)
      if (bytes.length === 0) {
        if (end == null) return
        // Announced and not there: the connection breaks, so that nobody takes the part for the whole.
        throw new MediumError(500, `ends at byte ${at} of ${end}`)
      }
      for (const share of shares) await share.take(bytes.length, signal)
      yield bytes
      onSent(bytes.length)
      at += bytes.length
    }
  } finally {
    await medium.close()
  }
}
