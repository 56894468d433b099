import { type Hash, randomFillSync } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

/** What an encoder writes at one time, in bytes; no multiple of a piece. */
const PART_BYTES = 50_000

/** Noise of a length, at a rate in bytes per second; a reader that is slower slows it, and it catches up when it can. */
export async function * paced (bytes: number, rate: number, hash: Hash): AsyncGenerator<Uint8Array> {
  const startedMs = performance.now()
  for (let done = 0; done < bytes;) {
    const part = randomFillSync(Buffer.alloc(Math.min(PART_BYTES, bytes - done)))
    hash.update(part)
    yield part
    done += part.length
    const aheadMs = done / rate * 1_000 - (performance.now() - startedMs)
    if (aheadMs > 1) await delay(aheadMs)
  }
}
