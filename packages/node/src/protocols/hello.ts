import type { Connection, Stream } from '@libp2p/interface'
import { pbStream } from '@libp2p/utils'
import { hello, KAD_PROTOCOL, PROTOCOLS, STRANGER_MAX_BYTES, STRANGER_TIMEOUT_MS } from '@sluice/wire'
import type { Host } from '../host.ts'
import type { Logger } from '../log.ts'
import type { MemberRole, Membership } from '../membership.ts'

type HelloMessage = hello.Hello
type WelcomeMessage = hello.Welcome

export interface HelloInit {
  readonly membership: Membership
  /** What to say to `peer`. */
  readonly greeting: (peer: string) => HelloMessage
  /**
   * What to answer to a greeting. The base enrols and refuses here; others only show themselves.
   * A thrown error is a refusal, and its message the reason given.
   */
  readonly welcome: (peer: string, greeting: HelloMessage) => Promise<WelcomeMessage>
  /** Both ends know who the other is. */
  readonly onAdmitted: (peer: string, role: MemberRole, heads: hello.JobHead[]) => void
  /** Our greeting was answered, with this. */
  readonly onWelcome?: (peer: string, welcome: WelcomeMessage) => Promise<void>
}

/** A peer that would not have us, or was no member, is not dialled again for this long: the DHT keeps naming it. */
const REFUSED_MS = 60_000
/** Peers remembered for that. */
const MAX_REFUSED = 10_000
/** What libp2p's services register. */
const LIBP2P_PROTOCOLS = ['/ipfs/id/1.0.0', '/ipfs/id/push/1.0.0', '/ipfs/ping/1.0.0', KAD_PROTOCOL]
/** Strangers' connections held open at once: each costs a handshake's memory for a few seconds. */
const MAX_STRANGERS = 64

/**
 * `hello`: who a connection's two ends are. The dialler shows its credential,
 * the dialled answers with its own; until then neither may do anything else.
 * See docs/protocols/hello.md.
 */
export class Hello {
  readonly #host: Host
  readonly #log: Logger
  readonly #init: HelloInit
  readonly #admissions = new WeakMap<Connection, PromiseWithResolvers<MemberRole>>()
  readonly #refused = new Map<string, number>()
  #strangers = 0

  constructor (components: { host: Host, log: Logger }, init: HelloInit) {
    this.#host = components.host
    this.#log = components.log
    this.#init = init
  }

  async start (): Promise<void> {
    const { id, maxStreams } = PROTOCOLS.hello
    await this.#host.handle(id, (stream, connection) => this.#handle(stream, connection), { maxInboundStreams: maxStreams, maxOutboundStreams: maxStreams })
    // Libp2p's own protocols are for members, too: identify, ping and the DHT wait until it is known who asks.
    for (const protocol of LIBP2P_PROTOCOLS) {
      this.#host.use(protocol, async (other, connection, next) => {
        await this.admitted(connection)
        next(other, connection)
      })
    }
    this.#host.addEventListener('connection:open', event => this.#opened(event.detail))
  }

  /** Whether a dial of this peer would end as the last one did. Never so for the base, which may enrol us at any time. */
  wasRefused (peer: string): boolean {
    const untilMs = this.#refused.get(peer)
    if (untilMs == null) return false
    if (untilMs > Date.now()) return true
    this.#refused.delete(peer)
    return false
  }

  /** The remote's role, as soon as it is known. */
  admitted (connection: Connection): Promise<MemberRole> {
    const role = this.#init.membership.roleOf(connection.remotePeer.toString())
    return role == null ? this.#admission(connection).promise : Promise.resolve(role)
  }

  /** How the greeting of a connection that we dialled ended: the remote's role, or HelloRefused. */
  greeted (connection: Connection): Promise<MemberRole> {
    return this.#admission(connection).promise
  }

  /**
   * Greet the peer at the other end, and learn who it is.
   *
   * @throws {HelloRefused} with the reason it gave
   */
  async greet (connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString()
    const { id, timeoutMs } = PROTOCOLS.hello
    const signal = AbortSignal.timeout(timeoutMs)
    let stream: Stream | undefined
    try {
      stream = await connection.newStream(id, { signal })
      const messages = pbStream(stream, { maxDataLength: PROTOCOLS.hello.maxMessageBytes })
      await messages.write(this.#init.greeting(peer), hello.Hello, { signal })
      const welcome = await messages.read(hello.Welcome, { signal })
      await stream.close({ signal })
      if (welcome.refused !== '') throw new HelloRefused(peer, welcome.refused)
      if (welcome.roster.length > 0) await this.#init.membership.update(welcome.roster)
      await this.#init.onWelcome?.(peer, welcome)
      // The base is known by its key; its answer carries our own credential instead of its own.
      const role = peer === this.#init.membership.base ? 'base' : await this.#init.membership.show(peer, welcome.credential)
      this.#admit(connection, role, welcome.heads)
    } catch (error) {
      stream?.abort(error as Error)
      // Whoever waits for this greeting hears of it, however early it failed: the other end may be gone before there is a stream.
      this.#admission(connection).reject(error as Error)
      throw error
    }
  }

  async #handle (stream: Stream, connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString()
    const signal = AbortSignal.timeout(PROTOCOLS.hello.timeoutMs)
    const known = this.#init.membership.roleOf(peer) != null
    const messages = pbStream(stream, { maxDataLength: known ? PROTOCOLS.hello.maxMessageBytes : STRANGER_MAX_BYTES })
    try {
      const greeting = await messages.read(hello.Hello, { signal })
      const welcome = await this.#init.welcome(peer, greeting)
      const role = this.#init.membership.roleOf(peer) ?? await this.#init.membership.show(peer, greeting.credential)
      await messages.write(welcome, hello.Welcome, { signal })
      await stream.close({ signal })
      this.#admit(connection, role, greeting.heads)
    } catch (error) {
      const reason = (error as Error).message
      this.#log.info('refused', { peer, reason })
      await messages.write({ version: '', credential: new Uint8Array(), roster: new Uint8Array(), heads: [], refused: reason }, hello.Welcome, { signal }).catch(() => {})
      // He closes when he has read why; if he does not, his time as a stranger runs out.
      await stream.close({ signal }).catch(() => {})
      this.#admission(connection).reject(error as Error)
    }
  }

  #admit (connection: Connection, role: MemberRole, heads: hello.JobHead[]): void {
    this.#refused.delete(connection.remotePeer.toString())
    this.#admission(connection).resolve(role)
    this.#init.onAdmitted(connection.remotePeer.toString(), role, heads)
  }

  /** We greet whom we dialled; who dialled us has some seconds to do the same. */
  #opened (connection: Connection): void {
    const peer = connection.remotePeer.toString()
    const admission = this.#admission(connection)
    if (connection.direction === 'outbound') {
      this.greet(connection).catch(async (error: Error) => {
        if (peer !== this.#init.membership.base && this.#refused.size < MAX_REFUSED) this.#refused.set(peer, Date.now() + REFUSED_MS)
        this.#log.warn('hello failed', { peer, error: error.message })
        await connection.close().catch(() => {})
      })
      return
    }
    if (this.#strangers >= MAX_STRANGERS) {
      connection.abort(new Error('too many strangers at once'))
      return
    }
    this.#strangers++
    const timer = setTimeout(() => connection.abort(new Error(`no hello within ${STRANGER_TIMEOUT_MS} ms`)), STRANGER_TIMEOUT_MS)
    connection.addEventListener('close', () => {
      clearTimeout(timer)
      admission.reject(new Error('the connection closed before its hello'))
    })
    admission.promise.then(() => clearTimeout(timer), () => {}).finally(() => { this.#strangers-- })
  }

  #admission (connection: Connection): PromiseWithResolvers<MemberRole> {
    let admission = this.#admissions.get(connection)
    if (admission == null) {
      admission = Promise.withResolvers()
      // Nobody may be waiting when it fails; that is no error of ours.
      admission.promise.catch(() => {})
      this.#admissions.set(connection, admission)
    }
    return admission
  }
}

/** The other side will not have us, and says why. */
export class HelloRefused extends Error {
  override readonly name = 'HelloRefused'
  readonly peer: string
  readonly reason: string

  constructor (peer: string, reason: string) {
    super(`${peer} refused us: ${reason}`)
    this.peer = peer
    this.reason = reason
  }
}
