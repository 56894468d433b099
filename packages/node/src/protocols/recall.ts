import type { Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { pbStream } from '@libp2p/utils'
import { PROTOCOLS, recall } from '@sluice/wire'
import { type Components, register } from './handler.ts'

export interface RecallInit {
  /** What is held of the next job. A base recalls nothing for others. */
  readonly answer: (request: recall.RecallRequest) => recall.RecallReply
}

/** `recall`: a base that lost its journal asks its nodes for the signed objects that they hold. See docs/protocols/recall.md. */
export class Recall {
  readonly #components: Components
  readonly #init: RecallInit

  constructor (components: Components, init: RecallInit) {
    this.#components = components
    this.#init = init
  }

  async start (): Promise<void> {
    await register(this.#components, 'recall', stream => this.#receive(stream))
  }

  /** Everything that `peer` holds, a part at a time. @throws if it does not answer in time */
  async * ask (peer: string): AsyncGenerator<recall.RecallReply> {
    const { id, timeoutMs } = PROTOCOLS.recall
    const stream = await this.#components.host.dialProtocol(peerIdFromString(peer), id, { signal: AbortSignal.timeout(timeoutMs) })
    try {
      const messages = messagesOf(stream)
      const request = { before: '', skip: 0 }
      for (;;) {
        const signal = AbortSignal.timeout(timeoutMs)
        await messages.write(request, recall.RecallRequest, { signal })
        const reply = await messages.read(recall.RecallReply, { signal })
        if (reply.job === '') break
        if (reply.more && reply.objects.length === 0) throw new Error(`${peer} says that there is more of job ${reply.job}, and tells nothing`)
        yield reply
        if (reply.more) request.skip += reply.objects.length
        else Object.assign(request, { before: reply.job, skip: 0 })
      }
      await stream.close({ signal: AbortSignal.timeout(timeoutMs) })
    } catch (error) {
      stream.abort(error as Error)
      throw error
    }
  }

  async #receive (stream: Stream): Promise<void> {
    const messages = messagesOf(stream)
    while (stream.remoteWriteStatus === 'writable') {
      const signal = AbortSignal.timeout(PROTOCOLS.recall.timeoutMs)
      const request = await messages.read(recall.RecallRequest, { signal })
      await messages.write(this.#init.answer(request), recall.RecallReply, { signal })
    }
  }
}

function messagesOf (stream: Stream): ReturnType<typeof pbStream> {
  const { maxMessageBytes } = PROTOCOLS.recall
  return pbStream(stream, { maxDataLength: maxMessageBytes, maxBufferSize: 2 * maxMessageBytes })
}
