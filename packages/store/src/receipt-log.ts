import { ReceiptKind, sameBytes } from '@sluice/wire'
import type { Database } from './database.ts'
import { JournalConflict } from './journal-error.ts'

export interface NewReceipt {
  readonly job: string
  /** Peer id of its signer. */
  readonly node: string
  /** 1, 2, 3 … of this node in this job. */
  readonly number: number
  readonly kind: ReceiptKind
  readonly seq: number
  /** The signed Receipt, verbatim. */
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
  /** Whether it still has to be sent on. */
  readonly outbox: boolean
  /** Milliseconds since 1970. */
  readonly recordedAt: number
}

export interface ReceiptRow extends NewReceipt {
  /** In order of recording; names it to `acknowledged`. */
  readonly id: number
}

export interface ReceiptLog {
  /**
   * One per (job, node, number), and one final word per (job, node) on a job's
   * arrival, on its end, and on each command.
   *
   * @throws {JournalConflict} where there is another
   * @throws {JournalError} unknown: no such job
   */
  addReceipt (receipt: NewReceipt): 'added' | 'known'
  /**
   * What a node stated from `number` on is what others have of it, and not what
   * stands here: its journal had forgotten it.
   */
  replaceReceipts (job: string, node: string, number: number, receipts: readonly NewReceipt[]): void
  /** Nodes in the order of their first receipt here, each with its own in order. */
  receipts (job: string): ReceiptRow[]
  /** The end of a node's chain. */
  lastReceipt (job: string, node: string): ReceiptRow | undefined
  /** What has to be sent on, oldest first. */
  outbox (limit: number): ReceiptRow[]
  /** It is durable elsewhere: out of the outbox, and kept. */
  acknowledged (id: number): void
}

type Stored = Omit<ReceiptRow, 'outbox'> & { readonly outbox: number }

const COLUMNS = 'id, job, node, number, kind, seq, bytes, hash, outbox, recordedAt'

export function receiptLog (database: Database): ReceiptLog {
  const insert = database.prepare(`INSERT INTO receipts (job, node, number, kind, seq, final, bytes, hash, outbox, recordedAt)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const byNumber = database.prepare<Stored>(`SELECT ${COLUMNS} FROM receipts WHERE job = ? AND node = ? AND number = ?`)
  const byFinal = database.prepare<Stored>(`SELECT ${COLUMNS} FROM receipts WHERE job = ? AND node = ? AND final = ?`)
  const all = database.prepare<Stored>(`SELECT ${COLUMNS} FROM receipts
    JOIN (SELECT node AS who, min(id) AS rank FROM receipts WHERE job = ?1 GROUP BY node) ON node = who
    WHERE job = ?1 ORDER BY rank, number`)
  const last = database.prepare<Stored>(`SELECT ${COLUMNS} FROM receipts WHERE job = ? AND node = ? ORDER BY number DESC LIMIT 1`)
  const waiting = database.prepare<Stored>(`SELECT ${COLUMNS} FROM receipts WHERE outbox = 1 ORDER BY id LIMIT ?`)
  const sent = database.prepare('UPDATE receipts SET outbox = 0 WHERE id = ?')

  const remove = database.prepare('DELETE FROM receipts WHERE job = ? AND node = ? AND number >= ?')
  const add: ReceiptLog['addReceipt'] = ({ job, node, number, kind, seq, bytes, hash, outbox, recordedAt }) => {
      const final = finalWord(kind, seq)
      const known = byNumber.get(job, node, number) ?? (final == null ? undefined : byFinal.get(job, node, final))
      if (known == null) {
        insert.run(job, node, number, kind, seq, final ?? null, bytes, hash, outbox ? 1 : 0, recordedAt)
        return 'added'
      }
      if (sameBytes(known.bytes, bytes)) return 'known'
      throw new JournalConflict(`receipt ${number} (${kind} ${seq}) of ${node} for job ${job} contradicts its receipt ${known.number} (${known.kind} ${known.seq})`)
  }

  return {
    addReceipt: receipt => database.transaction(() => add(receipt)),
    replaceReceipts: (job, node, number, receipts) => database.transaction(() => {
      remove.run(job, node, number)
      for (const receipt of receipts) add(receipt)
    }),
    receipts: job => all.all(job).map(fromStored),
    lastReceipt: (job, node) => {
      const row = last.get(job, node)
      return row == null ? undefined : fromStored(row)
    },
    outbox: limit => waiting.all(limit).map(fromStored),
    acknowledged: id => { sent.run(id) }
  }
}

/** What a receipt is the last word on, if it is. */
function finalWord (kind: ReceiptKind, seq: number): string | undefined {
  switch (kind) {
    case ReceiptKind.JOB_RECEIVED: return 'received'
    case ReceiptKind.COMMAND_COMPLETED:
    case ReceiptKind.COMMAND_FAILED:
    case ReceiptKind.COMMAND_SUPERSEDED: return `command ${seq}`
    case ReceiptKind.JOB_COMPLETED:
    case ReceiptKind.JOB_REFUSED: return 'ended'
    default: return undefined
  }
}

function fromStored (row: Stored): ReceiptRow {
  return { ...row, outbox: row.outbox === 1 }
}
