import { open, type Signed } from '@sluice/wire'
import { BundleError, type BundleParts } from './bundle-parts.ts'
import { renderBundle } from './bundle-text.ts'
import { summarise } from './bundle-summary.ts'

export { BundleError, type BundleParts } from './bundle-parts.ts'
export { type ParsedBundle, BUNDLE_FORMAT, MAX_BUNDLE_CHARS, parseBundle } from './bundle-text.ts'

/**
 * The offline evidence of one job, closed or still open, as text: every signed
 * object verbatim, a summary for people, and a checksum. Receipts are put in
 * bundle order (by the rank of their server, then by number), seals and final
 * pages by their put.
 *
 * Signatures are checked, since a bundle with a broken one would only fail
 * later, elsewhere; chains and the report are verifyBundle's business.
 *
 * @throws {BundleError | EnvelopeError}
 */
export async function buildBundle (parts: BundleParts): Promise<string> {
  const job = await open('job', parts.job)
  const request = await open('jobRequest', job.value.request)
  const ranks = new Map(job.value.servers.map(({ peer }, rank) => [peer, rank]))

  const commands: Array<Signed<'command'>> = []
  for (const { command } of parts.commands) commands.push(await open('command', command))

  const seals = await inOrderOf('seal', parts.seals)
  const finalPages = parts.finalPages == null ? undefined : await inOrderOf('page', parts.finalPages)

  const receipts: Array<{ rank: number, number: number, bytes: Uint8Array }> = []
  const counts = new Map<string, number>()
  for (const bytes of parts.receipts) {
    const { value: { node, number } } = await open('receipt', bytes)
    const rank = ranks.get(node)
    if (rank == null) throw new BundleError(`receipt ${number} is by ${node}, whom job ${job.value.id} does not list; leave it out`)
    receipts.push({ rank, number, bytes })
    counts.set(node, (counts.get(node) ?? 0) + 1)
  }
  receipts.sort((a, b) => a.rank - b.rank || a.number - b.number)

  const report = parts.report == null ? undefined : (await open('report', parts.report)).value
  const summary = summarise({ job: job.value, request: request.value, provider: request.signer, commands: commands.map(({ value }) => value), counts, report })
  return renderBundle({ ...parts, seals, finalPages, receipts: receipts.map(({ bytes }) => bytes) }, summary)
}

async function inOrderOf (kind: 'seal' | 'page', envelopes: Uint8Array[]): Promise<Uint8Array[]> {
  const opened: Array<{ seq: number, bytes: Uint8Array }> = []
  for (const bytes of envelopes) opened.push({ seq: (await open(kind, bytes)).value.seq, bytes })
  return opened.sort((a, b) => a.seq - b.seq).map(({ bytes }) => bytes)
}
