import { Readable } from 'node:stream'
import { type Medium, MediumError } from './medium.ts'
import type { UplinkShare } from './uplink-share.ts'

/**
 * Read and handed to the socket at a time. A viewer holds two of them at most:
 * with 300 viewers that are 75 MiB.
 */
export const BLOCK_BYTES = 128 * 1024

export interface BodyInit {
  readonly medium: Medium
  readonly first: number
  /** Behind the last byte; undefined: to the end, wherever that will be. */
  readonly end: number | undefined
  /** Every one of these has to let a block pass. */
  readonly shares: readonly UplinkShare[]
  /** Aborted when the viewer has gone. */
  readonly signal: AbortSignal
  readonly onSent: (bytes: number) => void
}

/** The bytes of an answer, in order, as they can be had and as fast as the viewer takes them. Closes the medium. */
export function bodyOf (init: BodyInit): Readable {
  return Readable.from(blocks(init), { objectMode: false, highWaterMark: BLOCK_BYTES })
}

async function * blocks ({ medium, first, end, shares, signal, onSent }: BodyInit): AsyncGenerator<Uint8Array> {
  try {
    for (let at = first; end == null || at < end;) {
      const bytes = await medium.read(at, Math.min(BLOCK_BYTES, (end ?? Number.POSITIVE_INFINITY) - at), signal)
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
