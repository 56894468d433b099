import type { Lossy } from './lateness.ts'
import type { Message } from './message.ts'
import type { Range } from './ranges.ts'

/** What the core must know of a job. Signatures were checked at the edge. */
export interface JobInfo {
  readonly id: string
  readonly base: string
  /** Peer ids in rank order. */
  readonly servers: readonly string[]
  /** Bytes per second each can give, by rank; 0: unknown. */
  readonly rates: readonly number[]
  readonly priority: number
  /** Notices made automatic: 'command-received', 'command-started'. */
  readonly notices?: readonly string[] | undefined
}

export interface CommandInfo {
  readonly seq: number
  readonly track: number
  /** Later commands of its tracks run even if this one fails. */
  readonly continueAfterFailure: boolean
  readonly body: CommandBody
  /** Earlier puts that need not be done where this command is known before they were. */
  readonly supersedes?: readonly number[] | undefined
}

export type CommandBody =
  /** `lossy`: an open-ended put, in chunks of one piece, of which what is late may be left out. */
  | { readonly kind: 'put', readonly pieces: number | undefined, readonly chunkPieces: number, readonly lossy?: Lossy | undefined }
  /** `needs`: puts, of whichever track, that must have completed before. */
  | { readonly kind: 'effect', readonly needs?: readonly number[] | undefined }
  /** What follows on these tracks waits for what is before it on them; none: all tracks. */
  | { readonly kind: 'barrier', readonly tracks: readonly number[] }
  | { readonly kind: 'cancel', readonly seq: number, readonly reason: string }
  | { readonly kind: 'end' }

export type CommandOutcome =
  | { readonly state: 'completed' }
  | { readonly state: 'failed', readonly reason: string }
  | { readonly state: 'superseded' }

/** Everything that can happen to a peer. */
export type Input =
  /** The peer is a member and can be talked to. */
  | { readonly type: 'connected', readonly peer: string }
  | { readonly type: 'disconnected', readonly peer: string }
  /** A `connect` effect failed. */
  | { readonly type: 'unreachable', readonly peer: string }
  /** A job, verified and durable; `from` handed it over as its errand number `errand`. */
  | { readonly type: 'jobAdded', readonly job: JobInfo, readonly ranges: readonly Range[], readonly restored: boolean }
  /** `begun`: its effect was begun before a restart. */
  | { readonly type: 'commandAdded', readonly job: string, readonly command: CommandInfo, readonly outcome?: CommandOutcome | undefined, readonly begun?: boolean | undefined }
  /** Ranges that come with, or after, a job this peer knows. To be acknowledged after the commands with it were added. */
  | { readonly type: 'handedOver', readonly job: string, readonly from: string, readonly errand: number, readonly ranges: readonly Range[] }
  /** At the base: these ranks have sent no receipt and are to be approached again. */
  | { readonly type: 'reissue', readonly job: string, readonly ranks: readonly number[] }
  | { readonly type: 'message', readonly from: string, readonly message: Message }
  /** A piece, verified and written. `from` is undefined where it did not come from the swarm, `first` where it is not to be passed on unasked: else the rank of its first holder. */
  | { readonly type: 'pieceStored', readonly job: string, readonly seq: number, readonly piece: number, readonly bytes: number, readonly from: string | undefined, readonly first?: number | undefined }
  /** Bytes that did not match their hash, or that nobody can want. */
  | { readonly type: 'pieceRejected', readonly job: string, readonly seq: number, readonly piece: number, readonly from: string, readonly reason: string }
  /** A piece that was held is not what it was, or cannot be read any more: the disk's doing. It is fetched again, and a put whose effect it was to be waits for it. */
  | { readonly type: 'pieceLost', readonly job: string, readonly seq: number, readonly piece: number }
  /** After a restart: the pieces of a put that are durable, and what was counted of them: bytes from each source, and switches. */
  | { readonly type: 'mediaRestored', readonly job: string, readonly seq: number, readonly pieces: Uint8Array, readonly sources?: ReadonlyArray<readonly [peer: string, bytes: number]> | undefined, readonly switches?: number | undefined }
  /** The final page is here, sealed, and its chain holds: the put's length is known for good. */
  | { readonly type: 'mediaClosed', readonly job: string, readonly seq: number, readonly pieces: number, /** Pieces that its provider left out. */ readonly gaps?: readonly Range[] | undefined }
  /** The pages of a put contradict each other or its seal, or this server cannot keep its pieces. */
  | { readonly type: 'mediaFailed', readonly job: string, readonly seq: number, readonly reason: string }
  /** At the base: a server's receipt says that it takes nothing of this put, and gives nothing of it. */
  | { readonly type: 'declined', readonly job: string, readonly seq: number, readonly peer: string }
  /** A viewer of this peer waits for pieces `first` … `end - 1` of a put; to be said again while he does. */
  | { readonly type: 'wanted', readonly job: string, readonly seq: number, readonly first: number, readonly end: number }
  /** An `execute` effect is done, and durable. */
  | { readonly type: 'executed', readonly job: string, readonly seq: number, readonly outcome: CommandOutcome }
  | { readonly type: 'jobClosed', readonly job: string }
  /** What the uplink's cap is from now on, in bytes per second. */
  | { readonly type: 'uploadRate', readonly rate: number }
  | { readonly type: 'tick' }
