import type { Peer } from '@sluice/core'
import type { Connection } from './connection.ts'
import type { Disk } from './disk.ts'
import type { DownLink, UpLink } from './link.ts'
import type { JobRecord } from './record.ts'

/** One peer: its process, its access, and what it leaves behind when it is killed. */
export interface Host {
  readonly index: number
  readonly name: string
  peer: Peer
  /** A process runs. */
  alive: boolean
  /** Counts restarts: a timer of an earlier life is not this one's. */
  life: number
  readonly disk: Disk
  up: UpLink
  readonly down: DownLink
  /** What others' processes believe: connections until their end was noticed here. */
  readonly connections: Map<number, Connection>
  readonly jobs: Map<string, JobRecord>
  /** Peers refused until the next restart. */
  readonly banned: Set<number>
  /** It sends other bytes than it was given. */
  corrupt: boolean
  /** How often it tried in vain to reach the base. */
  redials: number
  /** Pieces sent and not acknowledged, as the core must count them: by receiver, and in all. */
  readonly inFlightTo: Map<number, number>
  inFlight: number
  readonly traffic: Traffic
}

/** Counters for the report. */
export interface Traffic {
  piecesSent: number
  piecesReceived: number
  /** Pieces received that were here already. */
  duplicates: number
  controlMessages: number
  controlBytes: number
  /** Of earlier lives' uplinks. */
  busyUs: number
}

export function noTraffic (): Traffic {
  return { piecesSent: 0, piecesReceived: 0, duplicates: 0, controlMessages: 0, controlBytes: 0, busyUs: 0 }
}
