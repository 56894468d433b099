import type { Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { pbStream } from '@libp2p/utils'
import { PROTOCOLS, session } from '@sluice/wire'
import { type Components, register } from './handler.ts'

export interface SessionInit {
  /** A provider has opened a session stream. Resolves when the base has nothing more to say on it. */
  readonly onSession: (line: SessionLine) => Promise<void>
}

/**
 * `session`: a provider and its base. The provider opens a job, attaches to one
 * or asks; the base answers, and tells what happens to the job until it is
 * closed. See docs/protocols/session.md.
 */
export class Session {
  readonly #components: Components
  readonly #init: SessionInit

  constructor (components: Components, init: SessionInit) {
    this.#components = components
    this.#init = init
  }

  async start (): Promise<void> {
    await register(this.#components, 'session', async (stream, peer) => {
      const line = new SessionLine(stream, peer)
      await this.#init.onSession(line)
      await line.close()
    })
  }

  async open (base: string, signal?: AbortSignal): Promise<SessionLine> {
    const { id, timeoutMs } = PROTOCOLS.session
    const stream = await this.#components.host.dialProtocol(peerIdFromString(base), id, { signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...signal == null ? [] : [signal]]) })
    return new SessionLine(stream, base)
  }
}

/** Either end of a session stream. */
export class SessionLine {
  /** The peer at the other end. */
  readonly peer: string
  readonly #stream: Stream
  readonly #messages: ReturnType<typeof pbStream>
  #writing: Promise<void> = Promise.resolve()

  constructor (stream: Stream, peer: string) {
    this.peer = peer
    this.#stream = stream
    this.#messages = pbStream(stream, { maxDataLength: PROTOCOLS.session.maxMessageBytes, maxBufferSize: 2 * PROTOCOLS.session.maxMessageBytes })
  }

  get isOpen (): boolean {
    return this.#stream.status === 'open' && this.#stream.remoteWriteStatus === 'writable'
  }

  async request (request: session.SessionRequest): Promise<void> {
    await this.#messages.write(request, session.SessionRequest, { signal: AbortSignal.timeout(PROTOCOLS.session.timeoutMs) })
  }

  async nextRequest (): Promise<session.SessionRequest> {
    return await this.#messages.read(session.SessionRequest, { signal: AbortSignal.timeout(PROTOCOLS.session.timeoutMs) })
  }

  /** Tell an event. Several may be told at once; they arrive in that order. */
  tell (event: session.SessionEvent): Promise<void> {
    const told = this.#writing.then(() => this.#messages.write(event, session.SessionEvent, { signal: AbortSignal.timeout(PROTOCOLS.session.timeoutMs) }))
    this.#writing = told.catch(() => {})
    return told
  }

  /** @throws when the session has ended */
  async nextEvent (signal?: AbortSignal): Promise<session.SessionEvent> {
    return await this.#messages.read(session.SessionEvent, signal == null ? {} : { signal })
  }

  /** Resolves when the stream is gone, whoever ended it. */
  async ended (): Promise<void> {
    if (!this.isOpen) return
    await new Promise<void>(resolve => {
      this.#stream.addEventListener('close', () => resolve(), { once: true })
      this.#stream.addEventListener('remoteCloseWrite', () => resolve(), { once: true })
    })
  }

  async close (): Promise<void> {
    await this.#writing
    await this.#stream.close({ signal: AbortSignal.timeout(1_000) }).catch((error: Error) => this.#stream.abort(error))
  }
}
