import { Prng } from '@sluice/core'
import { chunkPiecesFor, PIECE_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { type Interruption, InterruptedUpload } from './interrupted-upload.ts'

const MiB = 1024 * 1024
const MEDIA_BYTES = 64 * MiB
const LIMIT_BYTES = 16 * MiB + chunkPiecesFor(MEDIA_BYTES / PIECE_BYTES) * PIECE_BYTES
/** Pages, frames and what else is not media: measured 1.3 % at pieces of 64 KiB, with a handshake for each connection. */
const OVERHEAD = 1.02

describe('an upload that is interrupted', () => {
  // npm run bench:resume does this with 1 GiB and ten interruptions.
  it('sends again what was not durable, and no more', async () => {
    const upload = await InterruptedUpload.prepare(MEDIA_BYTES)
    try {
      const prng = Prng.fromText('resume')
      const kinds: Interruption[] = ['kill base', 'reset', 'kill provider']
      // Late, so that to begin anew each time would cost far more than what is allowed.
      const points = kinds.map(() => (0.4 * MEDIA_BYTES) + prng.below(0.4 * MEDIA_BYTES)).sort((a, b) => a - b)
      await upload.begin()
      let resent = 0
      for (const [index, at] of points.entries()) {
        const { how, resentBytes } = await upload.interrupt(kinds[index] as Interruption, at)
        expect(resentBytes, how).to.be.at.most(LIMIT_BYTES)
        resent += resentBytes
      }
      expect(await upload.finish()).to.deep.equal([])
      expect(upload.sentBytes).to.be.at.most(MEDIA_BYTES * OVERHEAD + resent)
    } finally {
      await upload.stop()
    }
  })
})
