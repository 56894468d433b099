import { execFileSync } from 'node:child_process'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Message } from '@sluice/core'
import { Chunk, createHost, type Host, Offer, silent } from '@sluice/node'
import { PIECE_BYTES } from '@sluice/wire'

/**
 * What control messages cost on the wire, counted by the kernel: two hosts of
 * ours on a slow loopback, pieces from one to the other as a window allows, and
 * messages beside them. Run by segments.spec.ts in a network namespace whose
 * loopback is shaped.
 */
export interface SegmentCount {
  readonly bytes: number
  readonly segments: number
}

/** When the sender has something to say: never; while pieces wait for it to say so; while a piece is on its way; while nothing is. */
const WAYS = ['nothing', 'ahead', 'behind', 'alone'] as const
export type Way = typeof WAYS[number]

/** Pieces, and messages beside them, of each way. */
const PIECES = 60
/** So many that the socket always holds some that have not left, as it does on a busy uplink. */
const WINDOW_PIECES = 6
/** In the middle of a piece, of 26 ms at 20 Mbit/s, with others behind it. */
const WITHIN_PIECE_MS = 9
/** A message has left long before the next one. */
const APART_MS = 30
/** Longer than anything waits for company: what was said is on the wire. */
const SETTLED_MS = 150
const JOB = 'ab'.repeat(32)
/** Its number has as many bytes as most have. */
const SEQ = 1
const CHUNK = 600

/** Neither end hands anything over, or lacks a page. */
const NOTHING_ELSE = { onHandover: async () => {}, pagesToAsk: () => [], onPageHeld: () => {}, onBroken: (_peer: string, error: Error) => { throw error } }

class Pair {
  readonly #port: number
  readonly #offer: Offer
  readonly #chunk: Chunk
  readonly #peer: string
  #acknowledged: (pieces: number) => void = () => {}

  private constructor (near: Host, far: Host, port: number) {
    this.#port = port
    this.#peer = far.peerId.toString()
    const components = { host: near, log: silent, admitted: async () => 'node' as const }
    this.#offer = new Offer(components, { ...NOTHING_ELSE, onMessage: (_from, message) => { if (message.type === 'acknowledge') this.#acknowledged(message.pieces) } })
    const piece = new Uint8Array(PIECE_BYTES)
    this.#chunk = new Chunk(components, { ...NOTHING_ELSE, readPiece: async () => piece, pageOf: () => ({ number: 0, bytes: Uint8Array.of(1), seal: new Uint8Array() }), onPage: async () => {}, onPiece: async () => {}, beforePiece: to => this.#offer.leaveWithPiece(to) })
  }

  static async open (): Promise<Pair> {
    const [near, far] = await Promise.all([1, 2].map(async () => await createHost({ key: await generateKeyPair('Ed25519'), listen: ['/ip4/127.0.0.1/tcp/0'], refuse: () => false }))) as [Host, Host]
    await near.start()
    await far.start()
    const [address] = far.getMultiaddrs()
    const pair = new Pair(near, far, Number(address?.toString().split('/')[4]))
    const components = { host: far, log: silent, admitted: async () => 'node' as const }
    const offer = new Offer(components, { ...NOTHING_ELSE, onMessage: () => {} })
    await offer.start()
    const taken = async (from: string): Promise<void> => { offer.send(from, { type: 'acknowledge', pieces: 1 }) }
    await new Chunk(components, { ...NOTHING_ELSE, readPiece: async () => new Uint8Array(), pageOf: () => ({ number: 0, bytes: new Uint8Array(), seal: new Uint8Array() }), onPage: async () => {}, onPiece: taken }).start()
    await pair.#offer.start()
    await near.dial(far.getMultiaddrs())
    return pair
  }

  /** Pieces through the window, and what is said beside them. */
  async send (pieces: number, way: Way): Promise<void> {
    const said = { job: JOB, seq: SEQ, chunks: [CHUNK] } as const
    const patient: Message = { type: 'have', ...said, patient: true }
    const prompt: Message = { type: 'coming', ...said }
    const later: Array<Promise<void>> = []
    let [sent, inFlight] = [0, 0]
    await new Promise<void>(resolve => {
      const fill = (): void => {
        while (sent < pieces && inFlight < WINDOW_PIECES) {
          if (way === 'ahead') this.#offer.send(this.#peer, patient)
          this.#chunk.send(this.#peer, JOB, SEQ, CHUNK)
          sent++
          inFlight++
          if (way === 'behind') later.push(delay(WITHIN_PIECE_MS).then(() => this.#offer.send(this.#peer, prompt)))
        }
        if (inFlight === 0) resolve()
      }
      this.#acknowledged = taken => {
        inFlight -= taken
        fill()
      }
      fill()
    })
    await Promise.all(later)
    if (way !== 'alone') return
    for (let count = 0; count < pieces; count++) {
      await delay(APART_MS)
      this.#offer.send(this.#peer, prompt)
    }
  }

  /** What the kernel has sent on the connection so far. */
  async count (): Promise<SegmentCount> {
    await delay(SETTLED_MS)
    const text = execFileSync('ss', ['-Htin', 'dst', `127.0.0.1:${this.#port}`], { encoding: 'utf8' })
    const number = (name: string): number => Number(new RegExp(`\\b${name}:(\\d+)`).exec(text)?.[1])
    return { bytes: number('bytes_sent'), segments: number('data_segs_out') }
  }
}

/** @returns for each way what it took */
async function count (): Promise<Record<Way, SegmentCount>> {
  const pair = await Pair.open()
  // Streams are opened, windows grow.
  await pair.send(PIECES, 'behind')
  const counts: Partial<Record<Way, SegmentCount>> = {}
  for (const way of WAYS) {
    const before = await pair.count()
    await pair.send(PIECES, way)
    const after = await pair.count()
    counts[way] = { bytes: after.bytes - before.bytes, segments: after.segments - before.segments }
  }
  return counts as Record<Way, SegmentCount>
}

process.stdout.write(`${JSON.stringify(await count())}\n`)
process.exit()
