import type { CommandQueue } from './command-queue.ts'
import type { Handover } from './handover.ts'
import type { JobInfo } from './input.ts'
import type { JobSwarm } from './job-swarm.ts'

/** One job as the peer that has it sees it. */
export interface PeerJob {
  readonly info: JobInfo
  /** Index in the server list; undefined at the base. */
  readonly rank: number | undefined
  readonly handover: Handover
  readonly queue: CommandQueue
  readonly swarm: JobSwarm
  readonly startedMs: number
  completed: boolean
  /** When its partners were dialled last. */
  metMs: number
  /** Since when it has had no source. */
  lonelyMs: number
}
