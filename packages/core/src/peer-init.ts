import type { Optimizations } from './optimizations.ts'
import type { Prng } from './prng.ts'

export interface PeerInit {
  /** Own peer id. */
  readonly self: string
  readonly prng: Prng
  /** Turned off only to measure what they are worth. */
  readonly optimizations?: Partial<Optimizations> | undefined
  /** Configured cap of the uplink in bytes per second; 0: none. */
  readonly uploadRate?: number
  /** Servers that a job is brought to at once, at most; as many as its size allows if not given. Small fleets that are to behave as large ones do have few. */
  readonly errands?: number | undefined
}
