import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import type { Host } from './host.ts'
import type { BookedJob } from './job-book.ts'
import type { Logger } from './log.ts'

/** Multicodecs of a CID over a SHA-256 of raw bytes. */
const RAW_CODEC = 0x55
const SHA256_CODE = 0x12
/** How long a search in the DHT may take. */
export const SEARCH_MS = 10_000
/**
 * A job that was just handed out is announced after so long, and up to twice as long, so that not all servers do it at
 * once: to announce it is a search through the fleet, which took a third of everybody's processor time in a job's first
 * second. Who needs it fell through the hand-over, and that takes as long to show (ERRAND_TIMEOUT_MS); a job that is
 * over before needs it no more.
 */
const PROVIDE_AFTER_MS = 10_000

/** Who has a job, by the DHT: how late or moved servers find sources. The job's hash is its name there as everywhere else. */
export class JobRouting {
  readonly #host: Host
  readonly #log: Logger
  /** Jobs to be announced. */
  readonly #waiting = new Map<string, NodeJS.Timeout>()

  constructor (host: Host, log: Logger) {
    this.#host = host
    this.#log = log
  }

  /** Announce that this peer has the job, in a while. */
  provide (job: BookedJob): void {
    this.forget(job.key)
    this.#waiting.set(job.key, setTimeout(() => {
      this.#waiting.delete(job.key)
      this.#announce(job)
    }, PROVIDE_AFTER_MS * (1 + Math.random())).unref())
  }

  /** The job is closed here, or this peer stops: it need not be announced any more. */
  forget (key: string): void {
    clearTimeout(this.#waiting.get(key))
    this.#waiting.delete(key)
  }

  stop (): void {
    for (const key of [...this.#waiting.keys()]) this.forget(key)
  }

  #announce (job: BookedJob): void {
    this.#host.contentRouting.provide(cidOf(job), { signal: AbortSignal.timeout(SEARCH_MS) })
      .catch((error: Error) => this.#log.debug('not announced', { job: job.signed.value.id, error: error.message }))
  }

  /** Look for others that have it. @param found - is called with the peer id of each */
  find (job: BookedJob, found: (peer: string) => void): void {
    const search = async (): Promise<void> => {
      for await (const provider of this.#host.contentRouting.findProviders(cidOf(job), { signal: AbortSignal.timeout(SEARCH_MS) })) {
        if (!provider.id.equals(this.#host.peerId)) found(provider.id.toString())
      }
    }
    search().catch((error: Error) => this.#log.debug('no sources found', { job: job.signed.value.id, error: error.message }))
  }
}

function cidOf (job: BookedJob): CID {
  return CID.createV1(RAW_CODEC, create(SHA256_CODE, job.signed.hash))
}
