import type { Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { pbStream } from '@libp2p/utils'
import { PROTOCOLS, status } from '@sluice/wire'
import { type Components, register } from './handler.ts'

export interface StatusInit {
  /** Answer a query; a rejection is told to the asker. */
  readonly answer: (request: status.StatusRequest) => Promise<status.StatusReply>
}

/** How long the outcome of a repair may take, in milliseconds: a disk may have to be read. */
export const REPAIR_TIMEOUT_MS = 60_000

/** `status`: the base asks a node how far a job is there, and has it repair itself. See docs/protocols/status.md. */
export class Status {
  readonly #components: Components
  readonly #init: StatusInit

  constructor (components: Components, init: StatusInit) {
    this.#components = components
    this.#init = init
  }

  async start (): Promise<void> {
    await register(this.#components, 'status', stream => this.#receive(stream))
  }

  /** @throws if `peer` does not answer in time */
  async query (peer: string, request: status.StatusRequest): Promise<status.StatusReply> {
    const { id, maxMessageBytes } = PROTOCOLS.status
    const signal = AbortSignal.timeout(timeLimit(request))
    const stream = await this.#components.host.dialProtocol(peerIdFromString(peer), id, { signal })
    try {
      const messages = pbStream(stream, { maxDataLength: maxMessageBytes, maxBufferSize: 2 * maxMessageBytes })
      await messages.write(request, status.StatusRequest, { signal })
      const reply = await messages.read(status.StatusReply, { signal })
      await stream.close({ signal })
      return reply
    } catch (error) {
      stream.abort(error as Error)
      throw error
    }
  }

  async #receive (stream: Stream): Promise<void> {
    const { timeoutMs, maxMessageBytes } = PROTOCOLS.status
    const messages = pbStream(stream, { maxDataLength: maxMessageBytes, maxBufferSize: 2 * maxMessageBytes })
    const request = await messages.read(status.StatusRequest, { signal: AbortSignal.timeout(timeoutMs) })
    const signal = AbortSignal.timeout(timeLimit(request))
    const reply = await this.#init.answer(request).catch((error: Error): status.StatusReply => ({ known: false, head: 0, commands: [], refused: error.message }))
    await messages.write(reply, status.StatusReply, { signal })
    await stream.close({ signal })
  }
}

function timeLimit ({ repair }: status.StatusRequest): number {
  return repair == null ? PROTOCOLS.status.timeoutMs : REPAIR_TIMEOUT_MS
}
