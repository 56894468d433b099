import type { Message } from '@sluice/core'
import { Chunk } from '../src/protocols/chunk.ts'
import { Offer } from '../src/protocols/offer.ts'
import { Gathered } from './gathered.ts'
import type { SignedMedia } from './lone-node.ts'
import { StubHost } from './protocols/stub-host.ts'
import type { SignedPage } from './signed-job.ts'

type Requested = Extract<Message, { type: 'request' }>

const NO_BYTES = new Uint8Array()

/** The other end of a node's lane: it speaks the protocols, and gives what the test wants it to give. */
export class LaneSource {
  readonly host: StubHost
  readonly offer: Offer
  readonly chunk: Chunk
  readonly messages = new Gathered<Message>()
  readonly requests = new Gathered<Requested>()
  readonly broken = new Gathered<string>()
  #media: SignedMedia
  /** Chunks of one piece that are given when they are asked for. */
  gives = (_piece: number): boolean => true
  pageOf = (piece: number): SignedPage | undefined => this.#media.pages.findLast(({ page }) => page.value.firstPiece <= piece)
  pieceOf = (piece: number): Uint8Array => this.#media.pieces[piece] as Uint8Array

  constructor (peer: string, media: SignedMedia) {
    this.host = new StubHost(peer)
    this.#media = media
    const onBroken = (_peer: string, error: Error): void => this.broken.push(error.message)
    const unasked = async (): Promise<void> => { throw new Error('nobody gives a source anything') }
    this.offer = new Offer(this.host.components(), {
      onMessage: (from, message) => {
        this.messages.push(message)
        if (message.type !== 'request') return
        this.requests.push(message)
        if (this.gives(message.chunk)) this.chunk.send(from, message.job, message.seq, message.chunk)
      },
      onHandover: unasked,
      pagesToAsk: () => [],
      onPageHeld: () => {},
      onBroken
    })
    this.chunk = new Chunk(this.host.components(), {
      readPiece: async (_job, _seq, piece) => this.pieceOf(piece),
      pageOf: (_job, _seq, piece) => {
        const { page, seal } = this.pageOf(piece) as SignedPage
        return { number: page.value.number, bytes: page.bytes, seal: seal?.bytes ?? NO_BYTES }
      },
      onPage: unasked,
      onPiece: unasked,
      onBroken
    })
  }

  async start (): Promise<void> {
    await this.offer.start()
    await this.chunk.start()
  }

  stop (node: string): void {
    this.offer.lost(node)
    this.chunk.lost(node)
  }
}
