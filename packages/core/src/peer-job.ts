import { CommandQueue } from './command-queue.ts'
import { Handover } from './handover.ts'
import type { JobInfo } from './input.ts'
import { invariant } from './invariant.ts'
import type { JobSwarm } from './job-swarm.ts'
import type { Optimizations } from './optimizations.ts'
import type { PeerInit } from './peer-init.ts'
import { viewOf } from './view.ts'

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

/** Whether there are to be lanes between here and `peer`. */
export function isPartner (job: PeerJob, peer: string): boolean {
  for (const partner of partnersOf(job)) if (partner.peer === peer) return true
  return false
}

/** A job of which nothing is known yet but what it is. */
export function newPeerJob (info: JobInfo, self: string, swarm: JobSwarm, how: Optimizations & Pick<PeerInit, 'errands'>, nowMs: number): PeerJob {
  const rank = info.servers.indexOf(self)
  invariant(rank >= 0 || info.base === self, 'a job is for its servers and its base')
  return {
    info,
    rank: rank < 0 ? undefined : rank,
    handover: new Handover(info.id, info.servers, self, how),
    queue: new CommandQueue(),
    swarm,
    startedMs: nowMs,
    completed: false,
    metMs: nowMs,
    lonelyMs: nowMs
  }
}

/** Everybody in its view, and on the trees of live puts. Of two partners the one with the lower position dials; a random partner is dialled by him who drew it. */
export function * partnersOf ({ info, rank, swarm }: PeerJob): Generator<{ readonly peer: string, readonly dials: boolean }> {
  const members = info.servers.length + 1
  const position = rank == null ? 0 : rank + 1
  const view = viewOf(info.id, position, members)
  for (const other of view) {
    const peer = other === 0 ? info.base : info.servers[other - 1] as string
    yield { peer, dials: position < other || !viewOf(info.id, other, members).has(position) }
  }
  // Those whom live pieces come from, or go to, are partners both ways.
  for (const peer of swarm.pushPartners()) {
    const other = info.servers.indexOf(peer) + 1
    if (!view.has(other)) yield { peer, dials: position < other }
  }
}
