import { type MediaTree, type OpenMedia, TreeError } from '@sluice/store'
import { toHex } from '@sluice/wire'
import { type MediaSource, type Medium, MediumError } from './medium.ts'

/** So much is hashed in less time than a viewer notices: about 10 ms. */
const HASHED_AT_ONCE_BYTES = 16 * 1024 * 1024
/** What a request that depends on a large file's digest waits for it; then it goes on without. */
const HASH_WAIT_MS = 2_000
/** What our own commits are about to rename into place begins like this: nobody sees it. */
const OURS = /^\.sluice($|-j)/i

/** Media that is published: files below the media root, as they were when they were opened. */
export class PublishedMedia implements MediaSource {
  readonly #tree: MediaTree
  /** Large files that are being hashed, by path: one at a time, so that the disk has time for viewers. */
  readonly #hashing = new Map<string, Promise<void>>()
  #last: Promise<void> = Promise.resolve()

  constructor (tree: MediaTree) {
    this.#tree = tree
  }

  async open (path: readonly string[]): Promise<Medium | undefined> {
    if (path.some(component => OURS.test(component))) return undefined
    let media: OpenMedia
    try {
      media = await this.#tree.read(path)
    } catch (error) {
      if (!(error instanceof TreeError)) throw error
      return refused(error)
    }
    const { size, attributes } = media.entry
    return {
      size,
      heldUntil: () => size,
      heldRuns: () => [{ first: 0, end: size }],
      ready: async () => {},
      modifiedMs: (attributes?.mtimeSeconds ?? 0) * 1000 + Math.floor((attributes?.mtimeNanos ?? 0) / 1_000_000),
      arriving: false,
      digest: async worth => await this.#digest(path, media, worth),
      read: async (offset, length) => {
        try {
          return await media.read(offset, Math.min(length, size - offset))
        } catch (error) {
          throw new MediumError(500, (error as Error).message, undefined, { cause: error })
        }
      },
      close: async () => await media.close()
    }
  }

  /** A large file's first viewers get no ETag: they would wait for it. It comes from then on. */
  async #digest (path: readonly string[], media: OpenMedia, worth: boolean): Promise<string | undefined> {
    const known = await media.knownDigest()
    if (known != null) return toHex(known)
    if (media.entry.size <= HASHED_AT_ONCE_BYTES) return await hashed(media)
    const hashing = this.#hash(path)
    if (!worth) return undefined
    let timer: NodeJS.Timeout | undefined
    await Promise.race([hashing, new Promise<void>(resolve => { timer = setTimeout(resolve, HASH_WAIT_MS) })])
    clearTimeout(timer)
    const found = await media.knownDigest()
    return found == null ? undefined : toHex(found)
  }

  async #hash (path: readonly string[]): Promise<void> {
    const key = path.join('/')
    let hashing = this.#hashing.get(key)
    if (hashing == null) {
      hashing = this.#last.then(async () => {
        const media = await this.#tree.read(path)
        await media.digest(() => {}).finally(async () => await media.close())
      // Removed meanwhile, or written to: the next request finds out.
      }).catch(() => {}).finally(() => { this.#hashing.delete(key) })
      this.#hashing.set(key, hashing)
      this.#last = hashing
    }
    await hashing
  }
}

/** Once more if it was touched meanwhile: a job that is over lets go of its staged name for the file. Then it is served without. */
async function hashed (media: OpenMedia): Promise<string | undefined> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const digest = await media.digest(() => {}).catch(error => {
      if (!(error instanceof TreeError) || error.code !== 'changed') throw error
    })
    if (digest != null) return toHex(digest)
  }
  return undefined
}

/** @returns undefined for what a viewer need not know more of than that it is not there */
function refused (error: TreeError): undefined {
  switch (error.code) {
    case 'not-found':
    case 'not-a-folder':
    case 'not-a-file':
    case 'link':
    case 'bad-path': return undefined
    case 'forbidden': throw new MediumError(403, error.message, undefined, { cause: error })
    default: throw new MediumError(500, error.message, undefined, { cause: error })
  }
}
