import { parseArgs } from 'node:util'
import { Prng } from '@sluice/core'
import { chunkPiecesFor, PIECE_BYTES } from '@sluice/wire'
import { type Interrupted, type Interruption, InterruptedUpload } from '../e2e/interrupted-upload.ts'

/**
 * A put of real processes, interrupted at random points by either side; counts
 * what is sent again. `--seed` draws the points. One JSON line per interruption
 * and one in the end; fails if one of them cost more than 16 MiB and a chunk.
 */
const { values } = parseArgs({ options: { mib: { type: 'string', default: '1024' }, interruptions: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } } })
const MiB = 1024 * 1024
/** Behind it an upload may be over before it is interrupted. */
const LAST_SHARE = 0.95
const KINDS: readonly Interruption[] = ['kill base', 'kill provider', 'reset', 'kill node']
const say = (line: object): void => { process.stdout.write(`${JSON.stringify(line)}\n`) }

const bytes = Number(values.mib) * MiB
const limitBytes = 16 * MiB + chunkPiecesFor(bytes / PIECE_BYTES) * PIECE_BYTES
const prng = Prng.fromText(`resume ${values.seed}`)
const points = Array.from({ length: Number(values.interruptions) }, () => prng.below(LAST_SHARE * bytes)).sort((a, b) => a - b)
const upload = await InterruptedUpload.prepare(bytes)
try {
  const all: Interrupted[] = []
  await upload.begin()
  for (const [index, at] of points.entries()) {
    const interrupted = await upload.interrupt(KINDS[index % KINDS.length] as Interruption, at)
    say(interrupted)
    all.push(interrupted)
  }
  const problems = await upload.finish()
  for (const { how, resentBytes } of all) if (resentBytes > limitBytes) problems.push(`${how}: ${resentBytes} bytes were sent again`)
  say({ mib: Number(values.mib), interruptions: all.length, sentMiB: upload.sentBytes / MiB, resentMiB: all.reduce((sum, { resentBytes }) => sum + resentBytes, 0) / MiB, mostMiB: Math.max(...all.map(({ resentBytes }) => resentBytes)) / MiB, limitMiB: limitBytes / MiB, problems })
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  await upload.stop()
}
