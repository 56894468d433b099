import { type MediaSource, MediumError } from '@sluice/edge'
import type { PulledMedia } from '@sluice/node'
import { toHex } from '@sluice/wire'

/** A viewer who comes back so soon finds the servers again that were away, in seconds. */
const RETRY_S = 5

/** What other nodes have, for viewers of this one. */
export function pulledSource (pulled: PulledMedia): MediaSource {
  return {
    open: async (path, signal) => {
      const file = await pulled.find(path, signal)
      if (file == null) return undefined
      return {
        size: file.size,
        modifiedMs: file.mtimeMs,
        arriving: false,
        digest: async () => file.digest == null ? undefined : toHex(file.digest),
        heldUntil: () => file.size,
        heldRuns: () => [{ first: 0, end: file.size }],
        ready: async () => {},
        read: async (offset, length, abort) => {
          try {
            return await file.read(offset, Math.min(length, file.size - offset), abort)
          } catch (error) {
            throw new MediumError(503, (error as Error).message, RETRY_S, { cause: error })
          }
        },
        close: async () => await file.close()
      }
    }
  }
}
