import { HASH_BYTES, PAGE_PIECES, sameBytes, sha256, type Signed } from '@sluice/wire'
import type { BundleParts } from './bundle-parts.ts'
import type { Findings } from './findings.ts'
import { tryOpen, type Queue } from './verify-queue.ts'

/** The root of each sealed put, by its seq: the content that the base accepted, and no other. */
export async function readSeals (parts: BundleParts, queue: Queue, findings: Findings): Promise<Map<number, Uint8Array>> {
  const roots = new Map<number, Uint8Array>()
  const { seals, finalPages } = parts
  if (finalPages != null) findings.check(finalPages.length === seals.length, 'finalPages', `are ${finalPages.length} for ${seals.length} seals`)

  let lastSeq = 0
  for (const [index, bytes] of seals.entries()) {
    if (findings.full) break
    const where = `seals[${index}]`
    const seal = await tryOpen('seal', bytes, queue.job.value.base, where, findings)
    if (seal == null) continue
    const { job, seq, root, epoch } = seal.value
    findings.check(sameBytes(job, queue.job.hash), where, 'is of another job')
    findings.check(seq > lastSeq, where, `of command ${seq} stands behind that of command ${lastSeq}`)
    findings.check(root.length === HASH_BYTES, where, `has a root of ${root.length} bytes`)
    findings.check(epoch >= queue.job.value.epoch, where, `is of epoch ${epoch}, before the job's`)
    lastSeq = seq
    if (!findings.check(queue.commands[seq - 1]?.value.put != null, where, `is of command ${seq}, which is no put`)) continue
    roots.set(seq, root)

    const page = finalPages?.[index]
    if (page != null) await checkFinalPage(page, seal, queue, `finalPages[${index}]`, findings)
  }
  return roots
}

async function checkFinalPage (bytes: Uint8Array, seal: Signed<'seal'>, queue: Queue, where: string, findings: Findings): Promise<void> {
  const page = await tryOpen('page', bytes, queue.request.signer, where, findings)
  if (page == null) return
  const { job, seq, number, firstPiece, hashes, previous, final } = page.value
  const command = queue.commands[seal.value.seq - 1] as Signed<'command'>
  findings.check(sameBytes(job, queue.job.hash), where, 'is of another job')
  findings.check(seq === seal.value.seq && sameBytes(page.hash, seal.value.page), where, 'is not the page that was sealed')
  findings.check(hashes.length % HASH_BYTES === 0 && hashes.length <= PAGE_PIECES * HASH_BYTES, where, `has ${hashes.length} bytes of hashes`)
  if (!findings.check(final != null, where, 'closes no put') || final == null) return

  findings.check(sameBytes(final.root, seal.value.root), where, 'has another root than its seal')
  findings.check(final.pieces === firstPiece + hashes.length / HASH_BYTES, where, `says ${final.pieces} pieces and ends elsewhere`)
  const { pieces, bytes: mediaBytes } = command.value.put ?? {}
  findings.check(pieces == null || pieces === final.pieces, where, `says ${final.pieces} pieces and the command ${pieces}`)
  findings.check(!mediaBytes || mediaBytes === final.bytes, where, `says ${final.bytes} bytes and the command ${mediaBytes}`)
  if (number === 0) {
    // The only page: it can be followed down to the pieces.
    findings.check(firstPiece === 0 && sameBytes(previous, command.hash), where, 'is page 0 and does not follow its command')
    findings.check(sameBytes(final.root, sha256(hashes)), where, 'has a root that its hashes do not make')
  }
}
