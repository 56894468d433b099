/** What two peers of a swarm say to each other, as the core sees it: jobs by id, media by (job, seq). */
export type Message =
  | { readonly type: 'laneOffer', readonly job: string, readonly rate: number, readonly head: number }
  | { readonly type: 'laneAnswer', readonly job: string, readonly decision: LaneDecision }
  /** `patient`: nobody waits for it; `large`: of large chunks. Both are for whoever sends it, and do not go over the wire. */
  | { readonly type: 'have', readonly job: string, readonly seq: number, readonly chunks: readonly number[], readonly patient?: boolean, readonly large?: boolean }
  /** The first piece of these is here; the others are passed on as they come. */
  | { readonly type: 'coming', readonly job: string, readonly seq: number, readonly chunks: readonly number[] }
  | { readonly type: 'bitfield', readonly job: string, readonly seq: number, readonly bits: Uint8Array }
  /** `urgent`: a viewer waits for it. `held`: chunks of the put that the receiver has whole. */
  | { readonly type: 'request', readonly job: string, readonly seq: number, readonly chunk: number, readonly offset: number, readonly urgent?: boolean, readonly held?: number }
  | { readonly type: 'cancel', readonly job: string, readonly seq: number, readonly chunk: number }
  /** Viewers wait for chunks `first` … `end - 1`, and nobody whom the sender knows has them all. */
  | { readonly type: 'want', readonly job: string, readonly seq: number, readonly first: number, readonly end: number }
  /** `large`: of a large chunk, likewise. */
  | { readonly type: 'acknowledge', readonly pieces: number, readonly large?: boolean }
  | { readonly type: 'handoverAck', readonly job: string, readonly errand: number, readonly head: number, readonly refused?: string }

export type LaneDecision = 'accept' | 'decline-enough' | 'decline-unknown-job' | 'decline-done' | 'switched'
