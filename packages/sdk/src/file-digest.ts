import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Entry } from '@sluice/wire'
import { SourceError } from './errors.ts'

/** Read at one time. */
const READ_BYTES = 1024 * 1024
const NANOS = 1_000_000_000n

/**
 * SHA-256 of a scanned file, or of its first `limit` bytes.
 *
 * @throws {SourceError} if it cannot be read, or is not what was scanned any more
 */
export async function digestOf (local: string, { size, attributes }: Entry, { limit = size, signal }: { limit?: number, signal?: AbortSignal | undefined } = {}): Promise<Buffer> {
  const handle = await open(local).catch((cause: Error) => { throw new SourceError(`cannot read ${local}: ${cause.message}`, { cause }) })
  try {
    const hash = createHash('sha256')
    const end = Math.min(size, limit)
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, end))
    for (let done = 0; done < end;) {
      signal?.throwIfAborted()
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, end - done), done)
      if (bytesRead === 0) break
      hash.update(buffer.subarray(0, bytesRead))
      done += bytesRead
    }
    const stat = await handle.stat({ bigint: true })
    const mtimeNs = BigInt(attributes?.mtimeSeconds ?? 0) * NANOS + BigInt(attributes?.mtimeNanos ?? 0)
    if (Number(stat.size) !== size || stat.mtimeNs !== mtimeNs) throw new SourceError(`${local} changed while it was being read: publish it again when it is finished`)
    return hash.digest()
  } finally {
    await handle.close()
  }
}
