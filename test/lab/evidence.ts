import { parseBundle, verifyBundle } from '@sluice/sdk'
import { open, ReceiptKind } from '@sluice/wire'

/** What one node states of the media, signed. */
export interface Completion {
  readonly peer: string
  /** Verified, durable and in its place, in milliseconds since 1970. */
  readonly finishedMs: number
  readonly switches: number
  /** Bytes taken from each source. */
  readonly sources: Readonly<Record<string, number>>
}

/** The receipts of the only put in a bundle. @throws if the bundle does not hold, or a node has not completed it */
export async function completions (bundle: string, base: string, peers: readonly string[]): Promise<Completion[]> {
  const verdict = await verifyBundle(bundle, { base })
  if (!verdict.ok) throw new Error(`the evidence does not hold: ${JSON.stringify(verdict.problems)}`)
  const found = new Map<string, Completion>()
  for (const bytes of parseBundle(bundle).receipts) {
    const { value } = await open('receipt', bytes)
    if (value.kind !== ReceiptKind.COMMAND_COMPLETED || value.seq !== 1) continue
    found.set(value.node, {
      peer: value.node,
      finishedMs: value.finished,
      switches: value.switches,
      sources: Object.fromEntries(value.sources.map(({ peer, bytes }) => [peer, bytes]))
    })
  }
  return peers.map(peer => {
    const completion = found.get(peer)
    if (completion == null) throw new Error(`${peer} has no receipt for the media`)
    return completion
  })
}
