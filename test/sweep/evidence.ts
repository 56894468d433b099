import { parseBundle, verifyBundle } from '@sluice/sdk'
import { open, ReceiptKind } from '@sluice/wire'
import { eventually } from '../e2e/eventually.ts'
import type { Ground } from './round.ts'

const FINAL: readonly ReceiptKind[] = [ReceiptKind.COMMAND_COMPLETED, ReceiptKind.COMMAND_FAILED, ReceiptKind.COMMAND_SUPERSEDED]

/** What is wrong with a job's receipts: they verify offline, and no server has two last words on anything. */
export async function evidenceProblems ({ client, base }: Pick<Ground, 'client' | 'base'>, job: string): Promise<string[]> {
  // A base that dies behind the job's end may do so while it is asked.
  const text = await eventually('the base gives the receipts', async () => await client.receipts(job).catch(() => undefined))
  const verified = await verifyBundle(text, { base: base.peer })
  if (!verified.ok) return verified.problems.map(problem => `the bundle does not verify: ${JSON.stringify(problem)}`)
  const finals = new Map<string, number>()
  for (const bytes of parseBundle(text).receipts) {
    const { node, kind, seq } = (await open('receipt', bytes)).value
    if (!FINAL.includes(kind)) continue
    const what = `${node} on command ${seq}`
    finals.set(what, (finals.get(what) ?? 0) + 1)
  }
  return [...finals].filter(([, count]) => count !== 1).map(([what, count]) => `${count} final receipts of ${what}`)
}
