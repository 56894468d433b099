import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, rename, rm, utimes } from 'node:fs/promises'
import { type Abortable, ErrandError, type RemoteMedia } from '@sluice/node'
import { sameBytes, toHex } from '@sluice/wire'

export interface DownloadOptions extends Abortable {
  /** Bytes that are here, and that there are; after each part. */
  readonly onProgress?: ((bytes: number, total: number) => void) | undefined
}

export interface Downloaded {
  readonly bytes: number
  /** Of them, those that an earlier try had brought. */
  readonly resumed: number
  /** Hex SHA-256 of the file: the server's, and that of the bytes that are here. */
  readonly digest: string
}

/** A file on its way stands beside its place under this ending, and is gone on with. */
export const PARTIAL = '.sluice-part'
/** Read at one time, of what is here already. */
const READ_BYTES = 1024 * 1024
const PERMISSIONS = 0o777

/** What is here of a file was of another version of it, or is damaged. */
class PartialIsOther extends Error {
  override readonly name = 'PartialIsOther'
}

/** Fetch one file to `local`: first beside it, and in its place when all of it is there, verified and durable. */
export async function download (remote: RemoteMedia, path: readonly string[], local: string, options: DownloadOptions): Promise<Downloaded> {
  const partial = `${local}${PARTIAL}`
  try {
    return await attempt(remote, path, local, partial, options)
  } catch (error) {
    if (!(error instanceof PartialIsOther)) throw error
    // The partial file was no beginning of what the server has now: from the start, once.
    await rm(partial, { force: true })
    return await attempt(remote, path, local, partial, options)
  }
}

async function attempt (remote: RemoteMedia, path: readonly string[], local: string, partial: string, { signal, onProgress }: DownloadOptions): Promise<Downloaded> {
  const handle = await open(partial, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW)
  try {
    const hash = createHash('sha256')
    const resumed = await takeUp(handle, hash, signal)
    const { entry, bytes } = await remote.get(path, { offset: resumed, digest: true, signal }).catch((error: Error) => {
      // It has become shorter than what is here of it.
      throw resumed > 0 && error instanceof ErrandError && error.code === 'bad-request' ? new PartialIsOther(error.message) : error
    })
    let at = resumed
    let digest: Uint8Array
    for (;;) {
      const next = await bytes.next()
      if (next.done === true) {
        digest = next.value
        break
      }
      await handle.write(next.value, 0, next.value.length, at)
      hash.update(next.value)
      at += next.value.length
      onProgress?.(at, entry.size)
    }
    if (at !== entry.size || !sameBytes(hash.digest(), digest)) {
      const what = `/${path.join('/')} did not arrive as the server has it`
      // Without an earlier try's bytes it is the server, or the disk here, that is wrong.
      throw resumed > 0 ? new PartialIsOther(what) : new ErrandError('changed', `${what}: its digest is another; get it again`)
    }
    await handle.chmod((entry.attributes?.mode ?? 0o644) & PERMISSIONS)
    await handle.sync()
    await rename(partial, local)
    const { mtimeSeconds, mtimeNanos = 0 } = entry.attributes ?? {}
    // As a date: a negative number would mean now.
    if (mtimeSeconds != null) await utimes(local, new Date(), new Date(mtimeSeconds * 1_000 + mtimeNanos / 1e6))
    return { bytes: entry.size, resumed, digest: toHex(digest) }
  } finally {
    await handle.close()
  }
}

/** What an earlier try has brought, as the beginning of the digest. */
async function takeUp (handle: FileHandle, hash: Hash, signal: AbortSignal | undefined): Promise<number> {
  const buffer = Buffer.allocUnsafe(READ_BYTES)
  let done = 0
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, done)
    if (bytesRead === 0) return done
    hash.update(buffer.subarray(0, bytesRead))
    done += bytesRead
  }
}
