import { randomBytes } from 'node:crypto'
import { open, rename, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Journal } from '@sluice/store'
import { PIECE_BYTES, sameBytes, sha256 } from '@sluice/wire'

export interface FitnessInit {
  /** Folder of the media root that is the program's own. */
  readonly folder: string
  readonly journal: Journal
}

/** A disk with less than this has no room for work: what puts leave free by themselves, in bytes. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024
/** How far a clock may be off: well below what an order, a minute long, is good for, in milliseconds. */
const CLOCK_TOLERANCE_MS = 30_000

/**
 * Whether this node can do its work: its store, its disk, its clock, and a test piece that is written, made
 * durable, renamed and read back.
 *
 * @param baseMs - what the base's clock said
 * @returns what is wrong, one sentence each; nothing if the node is fit
 */
export async function unfitness ({ folder, journal }: FitnessInit, baseMs: number): Promise<string[]> {
  const findings: string[] = []
  const look = async (what: string, work: () => void | Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      findings.push(`${what}: ${(error as Error).message}`)
    }
  }
  await look('store', () => { journal.meta.set('fitness', Date.now()) })
  await look('disk', async () => {
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize < LEAST_FREE_BYTES) throw new Error(`${bavail * bsize} bytes are free, ${LEAST_FREE_BYTES} are needed: free some space`)
  })
  await look('clock', () => {
    const offMs = Date.now() - baseMs
    if (Math.abs(offMs) > CLOCK_TOLERANCE_MS) throw new Error(`${Math.round(Math.abs(offMs) / 1000)} s ${offMs > 0 ? 'ahead of' : 'behind'} the base's: set it right`)
  })
  await look('test piece', () => testPiece(folder))
  return findings
}

async function testPiece (folder: string): Promise<void> {
  const written = randomBytes(PIECE_BYTES)
  const path = join(folder, `fitness-${written.toString('hex', 0, 8)}`)
  const target = `${path}.renamed`
  try {
    const handle = await open(path, 'wx+')
    try {
      await handle.write(written)
      await handle.datasync()
      await rename(path, target)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, 0)
      if (bytesRead !== PIECE_BYTES || !sameBytes(sha256(buffer), sha256(written))) throw new Error('what is read is not what was written: replace the disk')
    } finally {
      await handle.close()
    }
  } finally {
    for (const file of [path, target]) await unlink(file).catch(() => {})
  }
}
