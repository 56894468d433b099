import { verifyBundle } from '@sluice/sdk'
import { open } from '@sluice/wire'

/** Receipts of one node in one bundle, by kind. */
export interface ReceiptCount {
  jobReceived: number
  commandCompleted: number
  jobCompleted: number
}

export interface Evidence {
  readonly counts: Map<string, ReceiptCount>
  readonly problems: string[]
}

/** Verify a bundle and count what its receipts say. Unverified receipts count for nothing. */
export async function examineBundle (text: string, base: string, provider: string): Promise<Evidence> {
  const counts = new Map<string, ReceiptCount>()
  const result = await verifyBundle(text, { base, provider })
  if (!result.ok) return { counts, problems: result.problems.map(({ where, what }) => `${where}: ${what}`) }
  const { receipts } = JSON.parse(text) as { receipts: string[] }
  for (const receipt of receipts) {
    const { value } = await open('receipt', Buffer.from(receipt, 'base64'))
    const count = counts.get(value.node) ?? { jobReceived: 0, commandCompleted: 0, jobCompleted: 0 }
    counts.set(value.node, count)
    if (value.kind === 'JOB_RECEIVED') count.jobReceived++
    if (value.kind === 'COMMAND_COMPLETED') count.commandCompleted++
    if (value.kind === 'JOB_COMPLETED') count.jobCompleted++
  }
  return { counts, problems: [] }
}
