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

/** Who has a job, by the DHT: how late or moved servers find sources. The job's hash is its name there as everywhere else. */
export class JobRouting {
  readonly #host: Host
  readonly #log: Logger

  constructor (host: Host, log: Logger) {
    this.#host = host
    this.#log = log
  }

  /** Announce that this peer has the job. */
  provide (job: BookedJob): void {
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
