import type { PrivateKey } from '@libp2p/interface'
import type { Ctp, Logger, Session } from '@sluice/node'

/** What a job needs of its provider. */
export interface JobComponents {
  readonly key: PrivateKey
  readonly base: string
  readonly ctp: Ctp
  readonly session: Session
  readonly log: Logger
  readonly signal: AbortSignal
  /** See Silence. */
  readonly silenceMs?: number | undefined
}
