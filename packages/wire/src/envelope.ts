import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { RecordEnvelope } from '@libp2p/peer-record'
import type { PrivateKey } from '@libp2p/interface'
import { sameBytes, sha256 } from './hash.ts'
import { Acceptance, Capability, Command, Credential, Invitation, Job, JobRequest, Page, Receipt, RepairOrder, RepairOutcome, Report, Roster, Seal } from './pb/signed.ts'

interface Kind<T> {
  /** Part of what is signed, so that no signature can be passed off for one of another kind. */
  readonly domain: string
  readonly code: number
  readonly maxBytes: number
  readonly codec: { encode (value: Partial<T>): Uint8Array, decode (bytes: Uint8Array): T }
}

const KiB = 1024
const MiB = 1024 * KiB

/** Every kind of signed object, its domain and the largest envelope of it that is ever opened. */
const KINDS = {
  jobRequest: { domain: 'sluice/job-request/1', code: 1, maxBytes: 4 * MiB, codec: JobRequest },
  job: { domain: 'sluice/job/1', code: 2, maxBytes: 8 * MiB, codec: Job },
  command: { domain: 'sluice/command/1', code: 3, maxBytes: 256 * KiB, codec: Command },
  acceptance: { domain: 'sluice/acceptance/1', code: 4, maxBytes: 4 * KiB, codec: Acceptance },
  page: { domain: 'sluice/page/1', code: 5, maxBytes: 256 * KiB, codec: Page },
  seal: { domain: 'sluice/seal/1', code: 6, maxBytes: 4 * KiB, codec: Seal },
  receipt: { domain: 'sluice/receipt/1', code: 7, maxBytes: 256 * KiB, codec: Receipt },
  report: { domain: 'sluice/report/1', code: 8, maxBytes: 8 * MiB, codec: Report },
  credential: { domain: 'sluice/credential/1', code: 9, maxBytes: 16 * KiB, codec: Credential },
  roster: { domain: 'sluice/roster/1', code: 10, maxBytes: 64 * KiB, codec: Roster },
  invitation: { domain: 'sluice/invitation/1', code: 11, maxBytes: 16 * KiB, codec: Invitation },
  capability: { domain: 'sluice/capability/1', code: 12, maxBytes: 16 * KiB, codec: Capability },
  repairOrder: { domain: 'sluice/repair-order/1', code: 13, maxBytes: 4 * KiB, codec: RepairOrder },
  repairOutcome: { domain: 'sluice/repair-outcome/1', code: 14, maxBytes: 16 * KiB, codec: RepairOutcome }
} as const

export type SignedKind = keyof typeof KINDS
export type SignedValue<K extends SignedKind> = ReturnType<(typeof KINDS)[K]['codec']['decode']>

/** A signed object: its value, and the exact bytes that were signed. */
export interface Signed<K extends SignedKind = SignedKind> {
  readonly value: SignedValue<K>
  /** The envelope, to be kept and passed on verbatim. */
  readonly bytes: Uint8Array
  /** SHA-256 of the signed payload: what other signed objects name this one by. */
  readonly hash: Uint8Array
  /** Peer id of the signer. */
  readonly signer: string
}

/** A signature, a signer or the form of a signed object is not what it must be. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
}

function kindOf<K extends SignedKind> (kind: K): Kind<SignedValue<K>> {
  return KINDS[kind] as unknown as Kind<SignedValue<K>>
}

/** Sign `value` as a `kind`. */
export async function sign<K extends SignedKind> (kind: K, value: SignedValue<K>, key: PrivateKey): Promise<Signed<K>> {
  const { domain, code, maxBytes, codec } = kindOf(kind)
  const payload = codec.encode(value)
  // The codec writes numbers it cannot read back, such as negative ones: signed, that could never be opened.
  const written = readBack(kind, payload)
  const record = { domain, codec: Uint8Array.of(code), marshal: () => payload, equals: () => false }
  const envelope = await RecordEnvelope.seal(record, key)
  const bytes = envelope.marshal()
  if (bytes.length > maxBytes) throw new EnvelopeError(`${kind} of ${bytes.length} bytes is over its limit of ${maxBytes}`)
  return { value: written, bytes, hash: sha256(payload), signer: peerIdFromPublicKey(key.publicKey).toString() }
}

function readBack<K extends SignedKind> (kind: K, payload: Uint8Array): SignedValue<K> {
  const { codec } = kindOf(kind)
  try {
    const value = codec.decode(payload)
    if (sameBytes(codec.encode(value), payload)) return value
  } catch (cause) {
    throw new EnvelopeError(`${kind} cannot be read back: a number in it is negative or not finite`, { cause })
  }
  throw new EnvelopeError(`${kind} reads back as something else: a number in it is negative or not finite`)
}

/**
 * Open an envelope: check its size, form, domain and signature, and, if `signer` is given, who signed it.
 *
 * @throws {EnvelopeError} on any of these; never anything else, whatever the bytes are
 */
export async function open<K extends SignedKind> (kind: K, bytes: Uint8Array, signer?: string): Promise<Signed<K>> {
  const { domain, code, maxBytes, codec } = kindOf(kind)
  if (bytes.length > maxBytes) throw new EnvelopeError(`${kind} of ${bytes.length} bytes is over its limit of ${maxBytes}`)
  try {
    const envelope = await RecordEnvelope.openAndCertify(bytes, domain)
    // One object has one form on the wire: a second encoding of it would have another hash in other people's hands.
    if (!sameBytes(envelope.marshal(), bytes)) throw new EnvelopeError(`${kind} is not in its canonical encoding`)
    if (envelope.payloadType.length !== 1 || envelope.payloadType[0] !== code) throw new EnvelopeError(`${kind} carries another kind's payload type`)
    if (envelope.publicKey.type !== 'Ed25519') throw new EnvelopeError(`${kind} is signed with a key of type ${envelope.publicKey.type}; only Ed25519 is used here`)
    const payload = envelope.payload.subarray()
    const actual = peerIdFromPublicKey(envelope.publicKey).toString()
    if (signer != null && actual !== signer) throw new EnvelopeError(`${kind} is signed by ${actual}, not by ${signer}`)
    return { value: codec.decode(payload), bytes, hash: sha256(payload), signer: actual }
  } catch (cause) {
    if (cause instanceof EnvelopeError) throw cause
    throw new EnvelopeError(`${kind} cannot be opened: ${(cause as Error).message}`, { cause })
  }
}
