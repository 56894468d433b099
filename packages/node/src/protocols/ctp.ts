import type { Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { ctp, PROTOCOLS } from '@sluice/wire'
import { readFrames } from '../stream-end.ts'
import { ErrandLine } from './ctp-errand.ts'
import { CtpLine, receiveUpload, type Upload } from './ctp-upload.ts'
import { type Components, register } from './handler.ts'

/** What a peer does with ctp streams that others open: a base takes uploads, a media server errands, a provider nothing. */
export interface CtpInit {
  readonly onUpload?: (member: string, reply: (message: ctp.CtpReply) => void, interrupt: (error: Error) => void) => Upload
  /** Grant a capability; a rejection refuses it. */
  readonly onAsk?: (member: string, ask: ctp.Ask) => Promise<ctp.Granted>
  /** Who has a file. */
  readonly onLocate?: (member: string, path: readonly string[]) => Promise<ctp.Located>
  readonly onErrand?: (line: ErrandLine) => Promise<void>
}

/**
 * `ctp`, the Command Transfer Protocol: a command and then its data, to the
 * base; or an errand on a server's media. One of them per stream. See
 * docs/protocols/ctp.md.
 */
export class Ctp {
  readonly #components: Components
  readonly #init: CtpInit

  constructor (components: Components, init: CtpInit) {
    this.#components = components
    this.#init = init
  }

  async start (): Promise<void> {
    const { onUpload, onAsk, onLocate, onErrand } = this.#init
    await register(this.#components, 'ctp', async (stream, peer) => {
      if (onErrand != null) return await onErrand(new ErrandLine(stream, peer))
      if (onUpload != null) return await receiveUpload(stream, (reply, interrupt) => onUpload(peer, reply, interrupt), async ask => {
        if (onAsk == null) throw new Error('capabilities are granted by the base')
        return await onAsk(peer, ask)
      }, async path => await onLocate?.(peer, path) ?? { holders: [] })
    })
  }

  /** Begin an upload. */
  async open (base: string, onReply: (reply: ctp.CtpReply) => void, onEnd: (error?: Error) => void): Promise<CtpLine> {
    const stream = await this.#dial(base)
    const { maxMessageBytes } = PROTOCOLS.ctp
    readFrames(stream, {
      maxMessageBytes,
      maxBufferedBytes: maxMessageBytes * 2,
      take: buffer => { for (let bytes = buffer.message(); bytes != null; bytes = buffer.message()) onReply(ctp.CtpReply.decode(bytes)) }
    }).then(() => onEnd(), onEnd)
    return new CtpLine(stream)
  }

  /**
   * Ask the base for a capability.
   *
   * @returns the signed Capability
   * @throws with the base's reason
   */
  async ask (base: string, ask: ctp.Ask, signal?: AbortSignal): Promise<Uint8Array> {
    const line = new ErrandLine(await this.#dial(base, signal), base, signal)
    await line.request({ ask })
    const { granted, refused } = await line.nextReply()
    await line.close()
    if (granted == null) throw new AskRefused(refused ?? 'the base gave no answer to what was asked: it may be of another version')
    // Who asks has perhaps just arrived, and the DHT does not lead anywhere yet.
    if (granted.addresses.length > 0) await this.#components.host.peerStore.merge(peerIdFromString(ask.node), { multiaddrs: granted.addresses.map(address => multiaddr(address)) })
    return granted.capability
  }

  /** Ask the base who has a file now. @throws with the base's reason */
  async locate (base: string, path: readonly string[], signal?: AbortSignal): Promise<ctp.Holder[]> {
    const line = new ErrandLine(await this.#dial(base, signal), base, signal)
    await line.request({ locate: { path: [...path] } })
    const { located, refused } = await line.nextReply()
    await line.close()
    if (located == null) throw new AskRefused(refused ?? 'the base does not say who has what: it may be of another version')
    return located.holders
  }

  /** Begin an errand on a media server. */
  async errand (node: string, signal?: AbortSignal): Promise<ErrandLine> {
    return new ErrandLine(await this.#dial(node, signal), node, signal)
  }

  async #dial (peer: string, signal?: AbortSignal): Promise<Stream> {
    const { id, timeoutMs } = PROTOCOLS.ctp
    const timeout = AbortSignal.timeout(timeoutMs)
    return await this.#components.host.dialProtocol(peerIdFromString(peer), id, { signal: signal == null ? timeout : AbortSignal.any([timeout, signal]) })
  }
}

/** The base does not grant what was asked for. */
export class AskRefused extends Error {
  override readonly name = 'AskRefused'
}
