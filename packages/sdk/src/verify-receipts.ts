import { createHash } from 'node:crypto'
import type { Findings } from './findings.ts'
import { Ledger } from './ledger.ts'
import { tryOpen, type Queue } from './verify-queue.ts'

export interface Receipts {
  /** One for each listed server, in rank order. */
  readonly ledgers: readonly Ledger[]
  /** SHA-256 over the hashes of all receipts in bundle order: what a report rests on. */
  readonly digest: Uint8Array
}

/** Follow every server's chain of receipts. Each receipt is opened, entered and forgotten: a fleet has a million of them. */
export async function readReceipts (envelopes: readonly Uint8Array[], queue: Queue, roots: ReadonlyMap<number, Uint8Array>, findings: Findings): Promise<Receipts> {
  const ledgers = queue.job.value.servers.map(({ peer }) => new Ledger(peer, queue, roots))
  const ranks = new Map(ledgers.map(({ peer }, rank) => [peer, rank]))
  const digest = createHash('sha256')

  let lastRank = 0
  for (const [index, bytes] of envelopes.entries()) {
    if (findings.full) break
    const where = `receipts[${index}]`
    const receipt = await tryOpen('receipt', bytes, undefined, where, findings)
    if (receipt == null) continue
    digest.update(receipt.hash)

    const { node } = receipt.value
    if (!findings.check(receipt.signer === node, where, `speaks for ${node} and is signed by ${receipt.signer}`)) continue
    const rank = ranks.get(node)
    if (rank == null) {
      findings.check(false, where, `is by ${node}, whom the job does not list`)
      continue
    }
    findings.check(rank >= lastRank, where, `of rank ${rank} stands behind one of rank ${lastRank}`)
    lastRank = rank
    const problem = (ledgers[rank] as Ledger).add(receipt)
    findings.check(problem == null, where, problem ?? '')
  }
  return { ledgers, digest: digest.digest() }
}
