import { type hello, open, toHex } from '@sluice/wire'
import { multiaddr } from '@multiformats/multiaddr'
import type { Host } from './host.ts'
import type { Logger } from './log.ts'
import type { Membership } from './membership.ts'
import { type Hello, HelloRefused } from './protocols/hello.ts'
import { VERSION } from './version.ts'

/** Where a member keeps the credential that its base gave it. */
export interface CredentialFile {
  load (): Uint8Array
  save (credential: Uint8Array): void
}

export interface BaseLinkInit {
  readonly base: string
  readonly credential: CredentialFile
  readonly membership: Membership
  readonly log: Logger
  readonly join?: string | undefined
  /** Where viewers find this node. */
  readonly http?: string | undefined
}

/** How often the way back to the base is looked for, in milliseconds: doubled from the first to the second. */
const RETRY_MS = 500
const MAX_RETRY_MS = 30_000
/** How long one dial of the base may take. */
const DIAL_MS = 10_000
/** How often a new credential is asked for: well within the time one holds. */
const RENEW_MS = 60 * 60_000

/**
 * A member's tie to its base: enrolment, the credential it shows to others, and
 * the way back whenever the connection is lost. Libp2p's reconnection gives up
 * after five tries; this one never does.
 */
export class BaseLink {
  readonly #host: Host
  readonly #init: BaseLinkInit
  readonly #basePeer: string
  #hello: Hello | undefined
  #renewal: NodeJS.Timeout | undefined
  #credential: Uint8Array
  #retryMs = RETRY_MS
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor (host: Host, init: BaseLinkInit) {
    this.#host = host
    this.#init = init
    this.#basePeer = init.membership.base
    this.#credential = init.credential.load()
  }

  /** The signed Credential shown to others; empty before enrolment. */
  get credential (): Uint8Array {
    return this.#credential
  }

  greeting (peer: string, uploadRate: number): hello.Hello {
    const token = peer === this.#basePeer && this.#credential.length === 0 ? this.#init.join ?? '' : ''
    return { version: VERSION, credential: this.#credential, token, heads: [], uploadRate, ...peer === this.#basePeer && this.#init.http != null ? { http: this.#init.http } : {} }
  }

  /** The base's answer carries our credential. */
  async welcomed (peer: string, welcome: hello.Welcome): Promise<void> {
    if (peer !== this.#basePeer) return
    const { value } = await open('credential', welcome.credential, this.#basePeer)
    if (value.peer !== this.#host.peerId.toString()) throw new Error('the base sent somebody else\'s credential')
    this.#credential = welcome.credential
    this.#init.credential.save(welcome.credential)
    this.#retryMs = RETRY_MS
  }

  /**
   * Connect, and stay connected.
   *
   * @param patient - if the base is only away, try for ever instead of failing
   * @throws {HelloRefused} if the base will not have us at the first try
   */
  async start (hello: Hello, patient: boolean): Promise<void> {
    this.#hello = hello
    this.#renewal = setInterval(() => {
      for (const connection of this.#host.getConnections()) {
        if (connection.remotePeer.toString() === this.#basePeer) hello.greet(connection).catch((error: Error) => this.#init.log.warn('credential not renewed', { error: error.message }))
      }
    }, RENEW_MS)
    this.#host.addEventListener('peer:disconnect', event => { if (event.detail.toString() === this.#basePeer) this.#retry() })
    try {
      await this.#dial()
    } catch (error) {
      if (error instanceof HelloRefused || !patient) throw error
      this.#init.log.warn('base not reached, trying again', { base: this.#init.base, error: (error as Error).message })
      this.#retry()
    }
  }

  stop (): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    clearInterval(this.#renewal)
  }

  async #dial (): Promise<void> {
    const connection = await this.#host.dial(multiaddr(this.#init.base), { signal: AbortSignal.timeout(DIAL_MS) })
    await this.#hello?.greeted(connection)
  }

  #retry (): void {
    if (this.#stopped) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => { this.#dial().catch((error: Error) => {
        this.#init.log.debug('base not reached', { error: error.message, retryMs: this.#retryMs })
        this.#retry()
      }) }, this.#retryMs)
    this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2)
  }

  /** The base says that a job is closed: verify it, then let go of the job. */
  async closed (report: Uint8Array, close: (key: string) => Promise<void>): Promise<void> {
    const { value } = await open('report', report, this.#basePeer)
    await close(toHex(value.job))
  }
}
