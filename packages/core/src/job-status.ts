import type { CommandQueue, CommandState } from './command-queue.ts'
import type { JobSwarm } from './job-swarm.ts'

/** How far one job is on this peer, for status queries and progress. */
export interface JobStatus {
  readonly head: number
  readonly completed: boolean
  /** Grows while the job is being handed on. */
  readonly handover: number
  readonly commands: ReadonlyArray<{ readonly seq: number, readonly state: CommandState, readonly bytes: number, readonly source: string | undefined, readonly switches: number }>
}

export function statusOf (queue: CommandQueue, swarm: JobSwarm, completed: boolean, handover: number): JobStatus {
  const commands = [...queue].map(({ info, state }) => {
    const media = swarm.media.get(info.seq)
    return { seq: info.seq, state, bytes: media?.bytes ?? 0, source: mainSource(media?.sources), switches: media?.switches ?? 0 }
  })
  return { head: queue.head, completed, handover, commands }
}

function mainSource (sources: ReadonlyMap<string, number> | undefined): string | undefined {
  let best: string | undefined
  for (const [peer, bytes] of sources ?? []) if (best == null || bytes > (sources?.get(best) ?? 0)) best = peer
  return best
}
