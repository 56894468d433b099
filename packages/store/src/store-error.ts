import { existsSync } from 'node:fs'

/**
 * What is wrong, by what the operator or the caller can do about it:
 *
 * - `no-space`, `read-only`, `forbidden`, `disk-error`, `root-missing`: the disk's or the operator's
 * - `vanished`: a file of ours was removed or cut short by somebody else
 * - `missing`: what a command speaks of is not there
 * - `obstructed`: something else stands where a file or folder must go
 * - `differs`: what is published is not what the provider signed
 * - `unsafe-path`: a symbolic link is on the way, or would lead out
 * - `bad-manifest`: the provider's manifest is malformed or contradicts its command
 * - `incomplete`: a piece is asked for, or a commit, before it is there
 * - `busy`: this put is open already, or closed
 */
export type StoreErrorCode =
  'no-space' | 'read-only' | 'forbidden' | 'disk-error' | 'root-missing' |
  'vanished' | 'missing' | 'obstructed' | 'differs' | 'unsafe-path' | 'bad-manifest' | 'incomplete' | 'busy'

/** Something about the media on disk. The message names the path and the remedy. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode
  readonly path: string

  constructor (code: StoreErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.path = path
  }
}

const REMEDIES: Record<string, [StoreErrorCode, string]> = {
  ENOSPC: ['no-space', 'the disk is full: free some space or move the media root'],
  EDQUOT: ['no-space', 'the disk quota is used up: free some space or raise the quota'],
  EFBIG: ['no-space', 'the file system cannot hold a file of this size: move the media root'],
  EROFS: ['read-only', 'the file system is mounted read-only: check the disk, then remount it read-write'],
  EACCES: ['forbidden', 'this process may not do that: correct the owner or mode of the folder'],
  EPERM: ['forbidden', 'this process may not do that: correct the owner or mode of the folder'],
  EIO: ['disk-error', 'the disk reports an error: check it before it is used again'],
  ENXIO: ['disk-error', 'the disk is gone: check it before it is used again'],
  ELOOP: ['unsafe-path', 'a symbolic link is in the way: remove it'],
  EISDIR: ['obstructed', 'a folder is where a file must go: remove or rename it'],
  ENOTDIR: ['obstructed', 'a file is where a folder must go: remove or rename it'],
  ENOTEMPTY: ['obstructed', 'a folder is where a file must go: remove or rename it']
}

/** The error code of a failed system call, if it is one. */
export function systemCode (error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code
}

/**
 * A failed system call as a StoreError; a StoreError as it is.
 *
 * @param doing - what failed, such as `write piece 7 of j…/1`
 * @param root - the media root, to tell its absence from that of one file
 */
export function storeError (cause: unknown, doing: string, path: string, root: string): StoreError {
  if (cause instanceof StoreError) return cause
  const errno = systemCode(cause)
  if (errno === 'ENOENT') {
    return existsSync(root)
      ? new StoreError('vanished', path, `cannot ${doing}: ${path} is gone: somebody removed it, and the put must be fetched anew`, { cause })
      : new StoreError('root-missing', root, `cannot ${doing}: ${root} does not exist: mount the disk or create the folder`, { cause })
  }
  const [code, remedy] = REMEDIES[errno ?? ''] ?? ['disk-error', (cause as Error).message]
  return new StoreError(code, path, `cannot ${doing} at ${path}: ${remedy}`, { cause })
}
