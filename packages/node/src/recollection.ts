import type { Journal } from '@sluice/store'
import type { recall } from '@sluice/wire'

/** Of one answer, in bytes: an envelope of the largest job has still room beside it in a message. */
const ANSWER_BYTES = 512 * 1024

/** What this node's journal holds of the job behind `before`: each signed object in the bytes that were signed. */
export function recollect (journal: Journal, self: string, { before, skip }: recall.RecallRequest): recall.RecallReply {
  const [row] = journal.jobs({ limit: 1, ...before === '' ? {} : { before } })
  if (row == null) return { job: '', signed: new Uint8Array(), objects: [], more: false }
  const objects: recall.RecalledObject[] = []
  let index = 0
  let bytes = 0
  for (const object of objectsOf(journal, self, row.id)) {
    if (index++ < skip) continue
    if (bytes > ANSWER_BYTES) return { job: row.id, signed: skip === 0 ? row.bytes : new Uint8Array(), objects, more: true }
    objects.push(object)
    bytes += sizeOf(object)
  }
  return { job: row.id, signed: skip === 0 ? row.bytes : new Uint8Array(), objects, more: false }
}

function * objectsOf (journal: Journal, self: string, job: string): Generator<recall.RecalledObject> {
  for (const { seq, bytes, acceptance } of journal.commands(job)) {
    if (acceptance == null) return
    yield { command: { command: bytes, acceptance } }
    const last = journal.lastPage(job, seq)
    if (last?.seal != null) yield { page: { seq, page: last.bytes, seal: last.seal } }
  }
  // Others' receipts are not here, and what this node signed is all that it speaks for.
  for (const { node, bytes } of journal.receipts(job)) if (node === self) yield { receipt: bytes }
}

function sizeOf ({ command, page, receipt }: recall.RecalledObject): number {
  if (command != null) return command.command.length + command.acceptance.length
  return page != null ? page.page.length + page.seal.length : receipt?.length ?? 0
}
