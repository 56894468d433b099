import { Bitmap, type Journal, type ReceiptRow } from '@sluice/store'
import { type Job, open, type Report } from '@sluice/wire'

/** A job's signed objects, for the provider's bundle. */
export interface Evidence {
  readonly job: Uint8Array
  readonly commands: ReadonlyArray<{ readonly command: Uint8Array, readonly acceptance: Uint8Array }>
  readonly seals: readonly Uint8Array[]
  readonly finalPages: readonly Uint8Array[]
  readonly receipts: readonly Uint8Array[]
  readonly report: Uint8Array | undefined
}

/** Receipts in the order that reports and bundles have them: by rank, then number. */
export function inBundleOrder (receipts: readonly ReceiptRow[], job: Job): ReceiptRow[] {
  const rank = new Map(job.servers.map(({ peer }, index) => [peer, index]))
  return receipts.filter(({ node }) => rank.has(node)).sort((a, b) => (rank.get(a.node) as number) - (rank.get(b.node) as number) || a.number - b.number)
}

/** Everything the journal has on a job. Receipts that came after its report are left out: the report does not rest on them. */
export async function collectEvidence (journal: Journal, id: string, base: string): Promise<Evidence | undefined> {
  const row = journal.job(id)
  if (row == null) return undefined
  const { value } = await open('job', row.bytes, base)
  const report = journal.report(id)
  const closedAt = report == null ? Number.POSITIVE_INFINITY : ((await open('report', report, base)).value as Report).closed
  const commands = journal.commands(id)
  const closing = commands.flatMap(({ seq }) => {
    const last = journal.pages(id, seq).at(-1)
    return last?.seal == null ? [] : [{ page: last.bytes, seal: last.seal }]
  })
  return {
    job: row.bytes,
    commands: commands.map(({ bytes, acceptance }) => ({ command: bytes, acceptance: acceptance ?? new Uint8Array() })),
    seals: closing.map(({ seal }) => seal),
    finalPages: closing.map(({ page }) => page),
    receipts: inBundleOrder(journal.receipts(id).filter(({ recordedAt }) => recordedAt <= closedAt), value).map(({ bytes }) => bytes),
    report
  }
}

/** How far a put's upload has come: what a provider needs to go on with one that it does not remember. */
export interface UploadState {
  readonly seq: number
  /** All of it is here, durably. */
  readonly done: boolean
  /** Hashes of the pages that are here, by number. */
  readonly pages: ReadonlyMap<number, Uint8Array>
}

export async function uploadStates (journal: Journal, id: string): Promise<UploadState[]> {
  const states: UploadState[] = []
  for (const { seq, bytes } of journal.commands(id)) {
    if ((await open('command', bytes)).value.put == null) continue
    const pages = journal.pages(id, seq)
    const last = pages.at(-1)
    const pieces = last?.seal == null ? undefined : (await open('page', last.bytes)).value.final?.pieces
    const held = Bitmap.fromBytes(journal.progress(id, seq)?.pieces ?? new Uint8Array()).count
    states.push({ seq, done: pieces != null && held >= pieces, pages: new Map(pages.map(({ number, hash }) => [number, hash])) })
  }
  return states
}
