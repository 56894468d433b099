import type { Message } from '@sluice/core'

/** Yamux heads every frame with 12 bytes; noise adds a length of 2 and a tag of 16. */
const YAMUX_BYTES = 12
const NOISE_BYTES = 18
/** Ethernet 14, IPv4 20, TCP 32 with timestamps; what one packet then carries. */
const PACKET_BYTES = 66
const PACKET_PAYLOAD_BYTES = 1448
/** TCP acknowledges every second segment, with a packet that carries nothing (RFC 5681). */
const SEGMENTS_ACKNOWLEDGED = 2

/** A signature, its key and its domain around a signed thing. */
const ENVELOPE_BYTES = 110
/** A server in a job: a peer id of 52 letters, its rate, and their tags. */
const SERVER_BYTES = 62
/** Base, addresses, ids and the provider's own signed request. */
const JOB_BYTES = 500
/** Two hashes, times and a path, signed, and the base's acceptance of it, which names two hashes again. */
const COMMAND_BYTES = 180 + 90 + 2 * ENVELOPE_BYTES
const HASH_BYTES = 32
/** Four hashes, two peer ids, times, and the sources. */
const RECEIPT_BYTES = 320 + ENVELOPE_BYTES
/** Ahead of each piece on the bulk stream: tag and length, then four numbers with their tags. */
export const PIECE_HEADER_BYTES = 16

/** Bytes on the wire of a message with a body of so many, in a frame of its own: its length prefix, frame and packets. */
export function framedBytes (body: number): number {
  return frameBytes(prefixedBytes(body))
}

/** Bytes of a message with its length prefix. */
export function prefixedBytes (body: number): number {
  return body + varint(body)
}

/**
 * How a frame leaves. `alone`: in packets of its own. `behind` bytes of its connection that have not left yet: the
 * kernel fills their last packet up with it, and the next, so that it costs no more than its share of headers (counted
 * in test/lab/segments.spec.ts). `ahead` of a piece in the same write: in the two noise frames that this takes anyway,
 * too.
 */
export type Leaving = 'alone' | 'behind' | 'ahead'

/** Bytes on the wire of a frame with messages of so many; of none, 0. */
export function frameBytes (messages: number, leaving: Leaving = 'alone'): number {
  if (messages === 0) return 0
  const bytes = messages + YAMUX_BYTES + (leaving === 'ahead' ? 0 : NOISE_BYTES)
  const packets = bytes / PACKET_PAYLOAD_BYTES
  return bytes + (leaving === 'alone' ? Math.ceil(packets) : packets) * PACKET_BYTES
}

/** Bytes on the way back by which TCP acknowledges so many. */
export function acknowledgedBytes (bytes: number): number {
  return bytes / PACKET_PAYLOAD_BYTES / SEGMENTS_ACKNOWLEDGED * PACKET_BYTES
}

/** Bytes of a whole number in protobuf: seven bits each. */
function varint (value: number): number {
  let bytes = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++
  return bytes
}

/** A numbered field with a whole number; one that is 0 is left out. */
function field (value: number): number {
  return value === 0 ? 0 : 1 + varint(value)
}

/** A field of so many bytes; an empty one is left out. */
function bytesField (bytes: number): number {
  return bytes === 0 ? 0 : 1 + varint(bytes) + bytes
}

/** A message inside of its envelope's `oneof`, where it stands even if empty. */
function inside (bytes: number): number {
  return 1 + varint(bytes) + bytes
}

/** Jobs are named by a handle of one byte. */
const HANDLE = 2

type Bodies = { readonly [K in Message['type']]: (message: Extract<Message, { type: K }>) => number }

/** Bytes of each kind's body, as packages/wire/src/pb/offer.proto has it. */
const BODIES: Bodies = {
  laneOffer: ({ rate, head }) => inside(HANDLE + field(rate) + field(head)),
  laneAnswer: ({ decision }) => inside(HANDLE + (decision === 'accept' ? 0 : 2)),
  // protons does not pack repeated numbers: each has its tag.
  have: ({ seq, chunks }) => inside(HANDLE + field(seq) + chunks.reduce((sum, chunk) => sum + 1 + varint(chunk), 0)),
  coming: ({ seq, chunks }) => inside(HANDLE + field(seq) + chunks.reduce((sum, chunk) => sum + 1 + varint(chunk), 0)),
  bitfield: ({ seq, bits }) => inside(HANDLE + field(seq) + bytesField(bits.length)),
  request: ({ seq, chunk, offset, urgent, held = 0 }) => inside(HANDLE + field(seq) + field(chunk) + field(offset) + field(urgent === true ? 1 : 0) + field(held)),
  want: ({ seq, first, end }) => inside(HANDLE + field(seq) + field(first) + field(end)),
  cancel: ({ seq, chunk }) => inside(HANDLE + field(seq) + field(chunk)),
  acknowledge: ({ pieces }) => inside(field(pieces)),
  handoverAck: ({ errand, head, refused }) => inside(HANDLE + field(errand) + field(head) + bytesField(refused?.length ?? 0))
}

/** Bytes of a message's body. */
export function bodyBytes (message: Message): number {
  return (BODIES[message.type] as (message: Message) => number)(message)
}

/** The job (if its `servers` go with it) and so many commands. */
export function handoverBytes (servers: number | undefined, commands: number, ranges: number): number {
  return (servers == null ? 0 : JOB_BYTES + ENVELOPE_BYTES + servers * SERVER_BYTES) + commands * COMMAND_BYTES + ranges * 8 + 12
}

export function pageBytes (pieces: number): number {
  return pieces * HASH_BYTES + 2 * HASH_BYTES + 20 + ENVELOPE_BYTES
}

/** A page is asked for by a piece that it covers. */
export function pageWantedBytes (seq: number, piece: number): number {
  // The piece is optional: it stands there even if it is 0.
  return inside(HANDLE + field(seq) + 1 + varint(piece))
}

export function receiptBytes (): number {
  return RECEIPT_BYTES
}
/** A job's hash bound to a handle, once in each direction of a connection. */
export const BIND_BYTES = inside(HANDLE + bytesField(HASH_BYTES))
