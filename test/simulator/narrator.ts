import type { Effect, Input, Message } from '@sluice/core'
import type { Host } from './host.ts'
import type { Observer, PieceFate, World } from './world.ts'

const WHO_COLUMNS = 13

const DECISIONS = {
  'accept': 'accepts: from now on it may ask there for chunks.',
  'decline-enough': 'declines: it has enough sources.',
  'decline-unknown-job': 'declines: it does not know the job yet.',
  'decline-done': 'declines: it needs nothing.',
  'switched': 'takes its lane back: a faster source offered itself.'
} as const satisfies Record<Extract<Message, { type: 'laneAnswer' }>['decision'], string>

/** Tells a run in sentences: when, who to whom, and what it means. */
export class Narrator implements Observer {
  readonly #world: World
  readonly #lines: string[] = []
  /** Pieces that leave in one go are told in one line. */
  #leaving: { readonly from: string, readonly to: string, readonly first: number, last: number } | undefined

  constructor (world: World) {
    this.#world = world
  }

  text (): string {
    this.#tellLeaving()
    return `${this.#lines.join('\n')}\n`
  }

  connected (a: Host, b: Host): void {
    this.#tell(a.name, b.name, 'they are connected, and each knows that the other is a member.')
  }

  broken (a: Host, b: Host): void {
    this.#tell(a.name, b.name, 'THE CONNECTION BREAKS. What was under way on it is lost.')
  }

  receipt (host: Host, _job: string, receipt: string): void {
    const [kind, seq] = receipt.split(':')
    const what = kind === 'job-received' ? 'that it has the job' : kind === 'job-completed' ? 'that the job is complete here, and that no server is left for it to approach' : `the outcome of command ${seq}: ${kind?.replace('command-', '')}`
    this.#tell(host.name, 'base', `signs a receipt, ${what}.`)
  }

  input (host: Host, input: Input): void {
    switch (input.type) {
      case 'jobAdded': return this.#tell(host.name, '', host.index === 0 ? `opens the job for ${input.job.servers.join(', ')}.` : 'verifies the job and writes it down.')
      case 'commandAdded': return this.#tell(host.name, '', `has command ${input.command.seq} now: ${input.command.body.kind}.`)
      case 'mediaClosed': return this.#tell(host.name, '', `has the last page of the put: it knows all hashes, and that there are ${input.pieces} pieces.`)
      case 'disconnected': return this.#tell(host.name, '', `notices that ${input.peer} is gone: what it was to bring is asked for elsewhere.`)
      case 'executed': return this.#tell(host.name, '', `has put command ${input.seq} into effect: the media is in its place.`)
      default:
    }
  }

  arrived (from: Host, to: Host, job: string, seq: number, piece: number, fate: PieceFate): void {
    const media = to.jobs.get(job)?.media.get(seq)
    const chunk = media?.chunkOf(piece) ?? 0
    const last = media != null && (piece + 1) % media.chunkPieces === 0
    const what = fate === 'duplicate' ? 'it has that one already' : fate === 'stored' ? `it matches its hash and is written${last ? `; chunk ${chunk} ends with it` : ''}` : 'nobody can use it'
    this.#tell(from.name, to.name, `piece ${piece} arrives: ${what}.`)
  }

  effect (host: Host, effect: Effect): void {
    switch (effect.type) {
      case 'connect': return this.#tell(host.name, effect.peer, 'dials.')
      case 'handOver': return this.#handOver(host, effect)
      case 'send': return this.#send(host, effect.to, effect.message)
      case 'sendPiece': return this.#leaves(host.name, effect.to, effect.piece)
      case 'execute': return this.#tell(host.name, '', `holds all of command ${effect.seq}, and its turn has come: it is put into effect.`)
      case 'findSources': return this.#tell(host.name, '', 'has no source left and asks the DHT for one.')
      default:
    }
  }

  #handOver (host: Host, { to, job, withJob, afterSeq, ranges }: Extract<Effect, { type: 'handOver' }>): void {
    const record = host.jobs.get(job)
    const servers = ranges.flatMap(({ first, end }) => record?.info.servers.slice(first, end) ?? [])
    const commands = (record?.commands.length ?? 0) - afterSeq
    const rest = servers.length > 0 ? ` ${servers.join(', ')} ${servers.length === 1 ? 'is' : 'are'} now ${to}'s to approach.` : ''
    this.#tell(host.name, to, withJob ? `hands over the job and ${commands} commands.${rest}` : `sends ${commands} commands that it seems to lack.`)
  }

  #send (host: Host, to: string, message: Message): void {
    switch (message.type) {
      case 'laneOffer': return this.#tell(host.name, to, 'offers a lane: ask me for what you lack.')
      case 'laneAnswer': return this.#tell(host.name, to, DECISIONS[message.decision])
      case 'have': return this.#tell(host.name, to, `announces chunk${message.chunks.length === 1 ? '' : 's'} ${message.chunks.join(', ')}: held whole and verified.`)
      case 'coming': return this.#tell(host.name, to, `announces chunk${message.chunks.length === 1 ? '' : 's'} ${message.chunks.join(', ')}: the first piece is here, the others are passed on as they come.`)
      case 'bitfield': return this.#tell(host.name, to, 'announces everything that it holds.')
      case 'request': return this.#tell(host.name, to, `asks for chunk ${message.chunk}${message.offset === 0 ? '' : ` FROM ITS PIECE ${message.offset} ON: what came before the break is not sent again`}.`)
      case 'cancel': return this.#tell(host.name, to, `no longer wants chunk ${message.chunk} from there.`)
      case 'handoverAck': return this.#tell(host.name, to, message.refused == null ? 'has the job safely, and what is to be approached.' : `refuses the job: ${message.refused}.`)
      default:
    }
  }

  #leaves (from: string, to: string, piece: number): void {
    if (this.#leaving?.from === from && this.#leaving.to === to && this.#leaving.last === piece - 1) {
      this.#leaving.last = piece
      return
    }
    this.#tellLeaving()
    this.#leaving = { from, to, first: piece, last: piece }
  }

  #tellLeaving (): void {
    if (this.#leaving == null) return
    const { from, to, first, last } = this.#leaving
    this.#leaving = undefined
    this.#line(from, to, first === last ? `queues piece ${first}.` : `queues pieces ${first} to ${last}.`)
  }

  #tell (from: string, to: string, what: string): void {
    this.#tellLeaving()
    this.#line(from, to, what)
  }

  #line (from: string, to: string, what: string): void {
    const who = to === '' ? from : `${from} → ${to}`
    this.#lines.push(`${(this.#world.nowUs / 1000).toFixed(0).padStart(5)} ms  ${who.padEnd(WHO_COLUMNS)}${what}`)
  }
}
