import type { Message } from './message.ts'
import type { Range } from './ranges.ts'

export type ReceiptKind = 'job-received' | 'command-completed' | 'command-failed' | 'command-superseded' | 'job-completed' | 'command-received' | 'command-started'

/** What a receipt says beyond the command itself. */
export interface ReceiptDetails {
  readonly reason?: string | undefined
  /** Bytes taken from each source, in order of first use. */
  readonly sources: ReadonlyArray<readonly [peer: string, bytes: number]>
  readonly switches: number
  readonly startedMs: number
  readonly finishedMs: number
}

/** Everything a peer can want done. The interpreter performs it and decides nothing. */
export type Effect =
  | { readonly type: 'connect', readonly peer: string }
  | { readonly type: 'send', readonly to: string, readonly message: Message }
  /** Send the job (if `withJob`) and its commands after `afterSeq`, with the ranks that are now the receiver's to approach. */
  | { readonly type: 'handOver', readonly to: string, readonly job: string, readonly errand: number, readonly withJob: boolean, readonly afterSeq: number, readonly ranges: readonly Range[] }
  | { readonly type: 'sendPiece', readonly to: string, readonly job: string, readonly seq: number, readonly piece: number, /** Of a live put: rank of the first holder on whose tree it goes on; undefined: it was asked for. */ readonly first?: number | undefined }
  /** At the base: viewers wait for these pieces, which the provider has still to send. */
  | { readonly type: 'fetch', readonly job: string, readonly seq: number, readonly first: number, readonly end: number }
  /** Ask for the pages of a lossy put that did not come with a piece: its end may be on one of them. */
  | { readonly type: 'fetchPages', readonly to: string, readonly job: string, readonly seq: number }
  /** Make a command's effect visible and durable; answer with `executed`. */
  | { readonly type: 'execute', readonly job: string, readonly seq: number }
  | { readonly type: 'receipt', readonly job: string, readonly kind: ReceiptKind, readonly seq: number, readonly details: ReceiptDetails }
  /** Announce in the DHT that this peer has the job. */
  | { readonly type: 'provide', readonly job: string }
  /** Look in the DHT for others that have it; `connect` to them. */
  | { readonly type: 'findSources', readonly job: string }
  | { readonly type: 'ban', readonly peer: string, readonly reason: string }
