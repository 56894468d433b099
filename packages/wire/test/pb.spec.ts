import { expect } from 'chai'
import * as wire from '../src/index.ts'

interface Codec { encode (value: object): Uint8Array, decode (bytes: Uint8Array): unknown }

/** Buffers fed to each decoder; a full run feeds the whole number to each instead of sharing it out. */
const BUFFERS = 20_000
const SHARED_OUT = process.env.SLUICE_TEST_FULL == null

/** The longest buffer, in bytes: a decoder's cost is known from short ones, being proportional. */
const MAX_BYTES = 512

/** What decoding any one of them may leave on the heap, in bytes: a stack that nested groups have filled leaves 5 MiB. */
const MAX_HEAP_BYTES = 8 * 2 ** 20

/** What decoding any one of them may take, in milliseconds; generous, since other processes share the machine. */
const MAX_MS = 1000

/** Every message of every schema, by name. */
function messages (): Array<[string, Codec]> {
  const { chunk, ctp, hello, notify, offer, session, status, ...signed } = wire
  const found: Array<[string, Codec]> = []
  for (const [file, schema] of Object.entries({ chunk, ctp, hello, notify, offer, session, status, signed })) {
    for (const [name, value] of Object.entries(schema)) {
      if (typeof value === 'object' && value != null && 'decode' in value && 'encode' in value) found.push([`${file}.${name}`, value as unknown as Codec])
    }
  }
  return found
}

/** Numbers between 0 and 1 that are the same in every run. */
function seeded (seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A buffer that is random, or made of tags and lengths that look like a message, or a sound message with a few bytes changed. */
function hostile (random: () => number, sound: Uint8Array): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit)
  const length = below(MAX_BYTES)
  switch (below(4)) {
    case 0: return Uint8Array.from({ length }, () => below(256))
    case 1: return Uint8Array.from({ length }, (_, index) => index % 2 === 0 ? (1 + below(20)) << 3 | below(6) : below(8))
    case 2: return new Uint8Array(length).fill(below(256))
    default: {
      const bytes = Uint8Array.from(sound)
      for (let i = 0; i <= below(4); i++) bytes[below(bytes.length)] = below(256)
      return bytes.subarray(0, below(8) === 0 ? below(bytes.length) : bytes.length)
    }
  }
}

describe('pb', () => {
  const codecs = messages()
  const sound = wire.Receipt.encode({ node: 'node', job: new Uint8Array(32), number: 1, sources: [{ peer: 'p', bytes: 2 ** 40 }], gaps: [{ firstPiece: 1, pieces: 2 }], notApplied: ['owner'] })

  it('has the messages that it speaks of', () => {
    expect(codecs.length).to.be.at.least(60)
  })

  it('has a sound empty message of every kind', () => {
    for (const [name, codec] of codecs) {
      const value = codec.decode(new Uint8Array(0))
      expect(codec.encode(value as object), name).to.have.length(0)
    }
  })

  for (const [index, [name, codec]] of codecs.entries()) {
    it(`decodes ${name} from anything without harm`, function () {
      this.timeout(60_000)
      const random = seeded(index)
      const runs = SHARED_OUT ? Math.ceil(BUFFERS / codecs.length) : BUFFERS
      for (let run = 0; run < runs; run++) decode(codec, hostile(random, sound))
    })
  }

  it('stands groups within groups', () => {
    // Skipping them recurses: the stack ends it, with an error like any other.
    for (const [, codec] of codecs) decode(codec, new Uint8Array(100_000).fill(0x0b))
  })

  it('keeps a time before 1970', () => {
    for (const mtimeSeconds of [-1, -(2 ** 31), -(2 ** 40), Number.MIN_SAFE_INTEGER, 0, 1, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
      expect(wire.Attributes.decode(wire.Attributes.encode({ mtimeSeconds, mode: 0o644 }))).to.include({ mtimeSeconds, mode: 0o644 })
    }
  })

  function decode (codec: Codec, bytes: Uint8Array): void {
    const heapBefore = process.memoryUsage().heapUsed
    const startedMs = performance.now()
    try {
      codec.decode(bytes)
    } catch (cause) {
      if (!(cause instanceof Error)) expect.fail(`${String(cause)} was thrown for ${shown(bytes)}`)
    }
    const tookMs = performance.now() - startedMs
    const grown = process.memoryUsage().heapUsed - heapBefore
    if (tookMs > MAX_MS) expect.fail(`took ${tookMs} ms for ${shown(bytes)}`)
    if (grown > MAX_HEAP_BYTES) expect.fail(`took ${grown} bytes for ${shown(bytes)}`)
  }
})

function shown (bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, MAX_BYTES)).toString('hex')
}
