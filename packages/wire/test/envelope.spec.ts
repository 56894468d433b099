import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { RecordEnvelope } from '@libp2p/peer-record'
import { expect } from 'chai'
import { EnvelopeError, open, type SignedKind, type SignedValue, sign } from '../src/envelope.ts'
import { sha256 } from '../src/hash.ts'
import { Outcome, ReceiptKind, RepairAction, RepairResult, Role, ServerState } from '../src/pb/signed.ts'

const HASH = sha256(Buffer.from('something'))
const NONCE = HASH.slice(0, 16)

const VALUES: { [K in SignedKind]: SignedValue<K> } = {
  jobRequest: { nonce: NONCE, base: 'base', created: 1, targets: ['all'], options: { name: 'n', priority: 1, rateCap: 2, deadline: 3, waitPeriodMs: 4, waitPeriods: 5, quorum: 6, notices: ['command-started'] } },
  job: { id: 'j', epoch: 1, created: 1, expires: 2, base: 'base', baseAddresses: ['/ip4/1.2.3.4'], request: NONCE, servers: [{ peer: 'p', uploadRate: 1 }] },
  command: { job: HASH, seq: 1, previous: HASH, track: 0, issued: 1, continueAfterFailure: false, remove: { path: ['a'], recursive: true } },
  acceptance: { job: HASH, seq: 1, command: HASH, epoch: 1, accepted: 1 },
  page: { job: HASH, seq: 1, number: 0, firstPiece: 0, hashes: HASH, lengths: [5], previous: HASH, final: { pieces: 1, bytes: 5, root: HASH, digests: HASH, gaps: [] } },
  seal: { job: HASH, seq: 1, page: HASH, root: HASH, epoch: 1 },
  receipt: { node: 'n', job: HASH, number: 1, previous: HASH, kind: ReceiptKind.COMMAND_COMPLETED, seq: 1, command: HASH, bytes: 5, digest: HASH, sources: [{ peer: 'p', bytes: 5 }], switches: 1, started: 1, finished: 2, reason: '', notApplied: [], gaps: [{ firstPiece: 1, pieces: 1 }] },
  report: { job: HASH, epoch: 1, outcome: Outcome.PARTIAL, closed: 1, servers: [{ peer: 'p', state: ServerState.UNREACHABLE, reason: 'r' }], head: 1, receipts: HASH },
  credential: { peer: 'p', base: 'b', role: Role.PROVIDER, labels: [{ name: 'region', value: 'eu' }], epoch: 1, issued: 1, expires: 2 },
  roster: { base: 'b', epoch: 1, seq: 1, issued: 1, revoked: ['p'] },
  invitation: { base: 'b', role: Role.NODE, labels: [], nonce: NONCE, expires: 1, epoch: 1 },
  capability: { base: 'b', peer: 'p', node: 'n', path: ['vod'], verbs: ['list', 'get'], epoch: 1, issued: 1, expires: 2 },
  repairOrder: { base: 'b', node: 'n', epoch: 1, nonce: NONCE, issued: 1, expires: 2, action: RepairAction.REVERIFY, job: HASH },
  repairOutcome: { node: 'n', order: HASH, result: RepairResult.REPAIR_REFUSED, detail: 'd', finished: 3 }
}
const KINDS = Object.keys(VALUES) as SignedKind[]

describe('envelope', () => {
  let key: PrivateKey
  let peer: string

  before(async () => {
    key = await generateKeyPair('Ed25519')
    peer = peerIdFromPublicKey(key.publicKey).toString()
  })

  for (const kind of KINDS) {
    it(`opens a ${kind} as what was signed, and as no other kind`, async () => {
      const signed = await sign(kind, VALUES[kind], key)
      const opened = await open(kind, signed.bytes, peer)
      expect(plain(opened.value)).to.deep.equal(plain(VALUES[kind]))
      expect(opened.hash).to.deep.equal(signed.hash)
      expect(opened.signer).to.equal(peer)
      expect(opened.bytes).to.equal(signed.bytes)
      for (const other of KINDS) if (other !== kind) await refused(other, signed.bytes)
    })
  }

  it('finds every byte that is changed, cut off or added', async () => {
    const { bytes } = await sign('receipt', VALUES.receipt, key)
    for (let position = 0; position < bytes.length; position++) {
      for (const mask of [0x01, 0x80, 0xff]) await refused('receipt', bytes.map((byte, index) => index === position ? byte ^ mask : byte))
      await refused('receipt', bytes.subarray(0, position))
    }
    for (const tail of [[0], [0x2a, 0], [0x50, 1], [0x0a, 0]]) await refused('receipt', Uint8Array.from([...bytes, ...tail]))
  })

  it('finds another signer', async () => {
    const { bytes } = await sign('seal', VALUES.seal, key)
    await refused('seal', bytes, '12D3KooWBVZCcnfGMQuKKXvKohTaWhbimpVCjpbrTnJ6bgXtPra6')
    await refused('seal', bytes, '')
  })

  it('has one encoding: fields may not be exchanged, doubled or spelt out longer', async () => {
    const { bytes } = await sign('acceptance', VALUES.acceptance, key)
    const fields = fieldsOf(bytes)
    expect(Buffer.concat(fields)).to.deep.equal(Buffer.from(bytes))
    await refused('acceptance', Buffer.concat(fields.toReversed()))
    for (const field of fields) await refused('acceptance', Buffer.concat([...fields, field]))
    const [first = Buffer.alloc(0), ...rest] = fields
    const longer = Buffer.concat([first.subarray(0, 1), Buffer.from([(first[1] ?? 0) | 0x80, 0]), first.subarray(2)])
    await refused('acceptance', Buffer.concat([longer, ...rest]))
  })

  it('refuses the right domain with the wrong code, and the right code with the wrong domain', async () => {
    const payload = Buffer.from([0x10, 0x01])
    for (const [domain, codec] of [['sluice/seal/1', [5]], ['sluice/seal/1', [6, 6]], ['sluice/seal/1', []], ['sluice/seal/2', [6]], ['libp2p-peer-record', [3, 1]]] as const) {
      const envelope = await RecordEnvelope.seal({ domain, codec: Uint8Array.from(codec), marshal: () => payload, equals: () => false }, key)
      await refused('seal', envelope.marshal())
    }
  })

  it('neither signs nor opens what is over its limit', async () => {
    const large = { ...VALUES.acceptance, command: new Uint8Array(4 * 1024) }
    expect(await failure(sign('acceptance', large, key))).to.be.instanceOf(EnvelopeError).with.property('message').that.contains('limit')
    expect(await failure(open('acceptance', new Uint8Array(4 * 1024 + 1)))).to.be.instanceOf(EnvelopeError).with.property('message').that.contains('limit')
    await sign('acceptance', { ...large, command: new Uint8Array(3 * 1024) }, key)
  })

  it('signs nothing that could not be read again', async () => {
    for (const number of [-1, -(2 ** 40), Number.NaN, 2 ** 53]) {
      expect(await failure(sign('job', { ...VALUES.job, servers: [{ peer: 'p', uploadRate: number }] }, key)), String(number)).to.be.instanceOf(Error)
      expect(await failure(sign('acceptance', { ...VALUES.acceptance, accepted: number }, key)), String(number)).to.be.instanceOf(Error)
    }
  })

  it('refuses a sound signature under something that is no message', async () => {
    for (const payload of [[0xff], [0x0a, 0x05, 1], [0x0b, 0x0b, 0x0b], [0x0f]]) {
      const envelope = await RecordEnvelope.seal({ domain: 'sluice/seal/1', codec: Uint8Array.of(6), marshal: () => Uint8Array.from(payload), equals: () => false }, key)
      await refused('seal', envelope.marshal())
    }
  })

  async function refused (kind: SignedKind, bytes: Uint8Array, signer?: string): Promise<void> {
    const cause = await failure(open(kind, bytes, signer))
    if (!(cause instanceof EnvelopeError)) expect.fail(`${kind} was not refused with an EnvelopeError: ${String(cause)} ${Buffer.from(bytes).toString('hex')}`)
  }
})

async function failure (promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => undefined, (cause) => cause)
}

/** The four length-delimited fields of an envelope, each with its tag. */
function fieldsOf (bytes: Uint8Array): Buffer[] {
  const fields: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    let position = at + 1
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[position++] ?? 0
      length += (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    fields.push(Buffer.from(bytes.subarray(at, position + length)))
    at = position + length
  }
  return fields
}

function plain (value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, field) => field instanceof Uint8Array ? [...field] : field?.type === 'Buffer' ? field.data : field))
}
