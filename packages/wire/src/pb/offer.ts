import { decodeMessage, encodeMessage, enumeration, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface OfferMessage {
  bind?: Bind
  handover?: Handover
  handoverAck?: HandoverAck
  offer?: LaneOffer
  answer?: LaneAnswer
  have?: Have
  bitfield?: Bitfield
  request?: ChunkRequest
  cancel?: ChunkCancel
  acknowledge?: Acknowledge
  coming?: Coming
  want?: Want
  pagesWanted?: PagesWanted
}

export namespace OfferMessage {
  let _codec: Codec<OfferMessage>

  export const codec = (): Codec<OfferMessage> => {
    if (_codec == null) {
      _codec = message<OfferMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.pagesWanted != null) {
          obj.want = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.want != null) {
          obj.pagesWanted = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.coming != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.acknowledge != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.coming = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.cancel != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.request != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.bitfield != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.have != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.answer != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.offer != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.handoverAck != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handover = undefined
          obj.bind = undefined
        }

        if (obj.handover != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.bind = undefined
        }

        if (obj.bind != null) {
          obj.pagesWanted = undefined
          obj.want = undefined
          obj.coming = undefined
          obj.acknowledge = undefined
          obj.cancel = undefined
          obj.request = undefined
          obj.bitfield = undefined
          obj.have = undefined
          obj.answer = undefined
          obj.offer = undefined
          obj.handoverAck = undefined
          obj.handover = undefined
        }

        if (obj.bind != null) {
          w.uint32(10)
          Bind.codec().encode(obj.bind, w)
        }

        if (obj.handover != null) {
          w.uint32(18)
          Handover.codec().encode(obj.handover, w)
        }

        if (obj.handoverAck != null) {
          w.uint32(26)
          HandoverAck.codec().encode(obj.handoverAck, w)
        }

        if (obj.offer != null) {
          w.uint32(34)
          LaneOffer.codec().encode(obj.offer, w)
        }

        if (obj.answer != null) {
          w.uint32(42)
          LaneAnswer.codec().encode(obj.answer, w)
        }

        if (obj.have != null) {
          w.uint32(50)
          Have.codec().encode(obj.have, w)
        }

        if (obj.bitfield != null) {
          w.uint32(58)
          Bitfield.codec().encode(obj.bitfield, w)
        }

        if (obj.request != null) {
          w.uint32(66)
          ChunkRequest.codec().encode(obj.request, w)
        }

        if (obj.cancel != null) {
          w.uint32(74)
          ChunkCancel.codec().encode(obj.cancel, w)
        }

        if (obj.acknowledge != null) {
          w.uint32(82)
          Acknowledge.codec().encode(obj.acknowledge, w)
        }

        if (obj.coming != null) {
          w.uint32(90)
          Coming.codec().encode(obj.coming, w)
        }

        if (obj.want != null) {
          w.uint32(98)
          Want.codec().encode(obj.want, w)
        }

        if (obj.pagesWanted != null) {
          w.uint32(106)
          PagesWanted.codec().encode(obj.pagesWanted, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.bind = Bind.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.bind
              })
              break
            }
            case 2: {
              obj.handover = Handover.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.handover
              })
              break
            }
            case 3: {
              obj.handoverAck = HandoverAck.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.handoverAck
              })
              break
            }
            case 4: {
              obj.offer = LaneOffer.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.offer
              })
              break
            }
            case 5: {
              obj.answer = LaneAnswer.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.answer
              })
              break
            }
            case 6: {
              obj.have = Have.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.have
              })
              break
            }
            case 7: {
              obj.bitfield = Bitfield.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.bitfield
              })
              break
            }
            case 8: {
              obj.request = ChunkRequest.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.request
              })
              break
            }
            case 9: {
              obj.cancel = ChunkCancel.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.cancel
              })
              break
            }
            case 10: {
              obj.acknowledge = Acknowledge.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.acknowledge
              })
              break
            }
            case 11: {
              obj.coming = Coming.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.coming
              })
              break
            }
            case 12: {
              obj.want = Want.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.want
              })
              break
            }
            case 13: {
              obj.pagesWanted = PagesWanted.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.pagesWanted
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.pagesWanted != null) {
          delete obj.want
          delete obj.coming
          delete obj.acknowledge
          delete obj.cancel
          delete obj.request
          delete obj.bitfield
          delete obj.have
          delete obj.answer
          delete obj.offer
          delete obj.handoverAck
          delete obj.handover
          delete obj.bind
        }

        if (obj.want != null) {
          delete obj.pagesWanted
          delete obj.coming
          delete obj.acknowledge
          delete obj.cancel
          delete obj.request
          delete obj.bitfield
          delete obj.have
          delete obj.answer
          delete obj.offer
          delete obj.handoverAck
          delete obj.handover
          delete obj.bind
        }

        if (obj.coming != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.acknowledge
          delete obj.cancel
          delete obj.request
          delete obj.bitfield
          delete obj.have
          delete obj.answer
          delete obj.offer
          delete obj.handoverAck
          delete obj.handover
          delete obj.bind
        }

        if (obj.acknowledge != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.coming
          delete obj.cancel
          delete obj.request
          delete obj.bitfield
          delete obj.have
          delete obj.answer
          delete obj.offer
          delete obj.handoverAck
          delete obj.handover
          delete obj.bind
        }

        if (obj.cancel != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.coming
          delete obj.acknowledge
          delete obj.request
          delete obj.bitfield
          delete obj.have
          delete obj.answer
          delete obj.offer
          delete obj.handoverAck
          delete obj.handover
          delete obj.bind
        }

        if (obj.request != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.coming
          delete obj.acknowledge
          delete obj.cancel
          delete obj.bitfield
          delete obj.have
          delete obj.answer
          delete obj.offer
          delete obj.handoverAck
          delete obj.handover
          delete obj.bind
        }

        if (obj.bitfield != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.coming
          delete obj.acknowledge
          delete obj.cancel
          delete obj.request
          delete obj.have
          delete obj.answer
          delete obj.offer
          delete obj.handoverAck
          delete obj.handover
          delete obj.bind
        }

        if (obj.have != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.coming
          delete obj.acknowledge
          delete obj.cancel
          delete obj.request
          delete obj.bitfield
          delete obj.answer
          delete obj.offer
          delete obj.handoverAck
          delete obj.handover
          delete obj.bind
        }

        if (obj.answer != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.coming
          delete obj.acknowledge
          delete obj.cancel
          delete obj.request
          delete obj.bitfield
          delete obj.have
          delete obj.offer
          delete obj.handoverAck
          delete obj.handover
          delete obj.bind
        }

        if (obj.offer != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.coming
          delete obj.acknowledge
          delete obj.cancel
          delete obj.request
          delete obj.bitfield
          delete obj.have
          delete obj.answer
          delete obj.handoverAck
          delete obj.handover
          delete obj.bind
        }

        if (obj.handoverAck != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.coming
          delete obj.acknowledge
          delete obj.cancel
          delete obj.request
          delete obj.bitfield
          delete obj.have
          delete obj.answer
          delete obj.offer
          delete obj.handover
          delete obj.bind
        }

        if (obj.handover != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.coming
          delete obj.acknowledge
          delete obj.cancel
          delete obj.request
          delete obj.bitfield
          delete obj.have
          delete obj.answer
          delete obj.offer
          delete obj.handoverAck
          delete obj.bind
        }

        if (obj.bind != null) {
          delete obj.pagesWanted
          delete obj.want
          delete obj.coming
          delete obj.acknowledge
          delete obj.cancel
          delete obj.request
          delete obj.bitfield
          delete obj.have
          delete obj.answer
          delete obj.offer
          delete obj.handoverAck
          delete obj.handover
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * Bind.codec().stream(reader, reader.uint32(), `${prefix}.bind`, {
                limits: opts.limits?.bind
              })

              break
            }
            case 2: {
              yield * Handover.codec().stream(reader, reader.uint32(), `${prefix}.handover`, {
                limits: opts.limits?.handover
              })

              break
            }
            case 3: {
              yield * HandoverAck.codec().stream(reader, reader.uint32(), `${prefix}.handoverAck`, {
                limits: opts.limits?.handoverAck
              })

              break
            }
            case 4: {
              yield * LaneOffer.codec().stream(reader, reader.uint32(), `${prefix}.offer`, {
                limits: opts.limits?.offer
              })

              break
            }
            case 5: {
              yield * LaneAnswer.codec().stream(reader, reader.uint32(), `${prefix}.answer`, {
                limits: opts.limits?.answer
              })

              break
            }
            case 6: {
              yield * Have.codec().stream(reader, reader.uint32(), `${prefix}.have`, {
                limits: opts.limits?.have
              })

              break
            }
            case 7: {
              yield * Bitfield.codec().stream(reader, reader.uint32(), `${prefix}.bitfield`, {
                limits: opts.limits?.bitfield
              })

              break
            }
            case 8: {
              yield * ChunkRequest.codec().stream(reader, reader.uint32(), `${prefix}.request`, {
                limits: opts.limits?.request
              })

              break
            }
            case 9: {
              yield * ChunkCancel.codec().stream(reader, reader.uint32(), `${prefix}.cancel`, {
                limits: opts.limits?.cancel
              })

              break
            }
            case 10: {
              yield * Acknowledge.codec().stream(reader, reader.uint32(), `${prefix}.acknowledge`, {
                limits: opts.limits?.acknowledge
              })

              break
            }
            case 11: {
              yield * Coming.codec().stream(reader, reader.uint32(), `${prefix}.coming`, {
                limits: opts.limits?.coming
              })

              break
            }
            case 12: {
              yield * Want.codec().stream(reader, reader.uint32(), `${prefix}.want`, {
                limits: opts.limits?.want
              })

              break
            }
            case 13: {
              yield * PagesWanted.codec().stream(reader, reader.uint32(), `${prefix}.pagesWanted`, {
                limits: opts.limits?.pagesWanted
              })

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface OfferMessageBindHandleFieldEvent {
    field: '$.bind.handle'
    value: number
  }

  export interface OfferMessageBindJobFieldEvent {
    field: '$.bind.job'
    value: Uint8Array
  }

  export interface OfferMessageHandoverHandleFieldEvent {
    field: '$.handover.handle'
    value: number
  }

  export interface OfferMessageHandoverJobFieldEvent {
    field: '$.handover.job'
    value: Uint8Array
  }

  export interface OfferMessageHandoverCommandsCommandFieldEvent {
    field: '$.handover.commands[].command'
    value: Uint8Array
    index: number
  }

  export interface OfferMessageHandoverCommandsAcceptanceFieldEvent {
    field: '$.handover.commands[].acceptance'
    value: Uint8Array
    index: number
  }

  export interface OfferMessageHandoverRangesFirstFieldEvent {
    field: '$.handover.ranges[].first'
    value: number
    index: number
  }

  export interface OfferMessageHandoverRangesEndFieldEvent {
    field: '$.handover.ranges[].end'
    value: number
    index: number
  }

  export interface OfferMessageHandoverErrandFieldEvent {
    field: '$.handover.errand'
    value: number
  }

  export interface OfferMessageHandoverAckHandleFieldEvent {
    field: '$.handoverAck.handle'
    value: number
  }

  export interface OfferMessageHandoverAckErrandFieldEvent {
    field: '$.handoverAck.errand'
    value: number
  }

  export interface OfferMessageHandoverAckHeadFieldEvent {
    field: '$.handoverAck.head'
    value: number
  }

  export interface OfferMessageHandoverAckRefusedFieldEvent {
    field: '$.handoverAck.refused'
    value: string
  }

  export interface OfferMessageOfferHandleFieldEvent {
    field: '$.offer.handle'
    value: number
  }

  export interface OfferMessageOfferRateFieldEvent {
    field: '$.offer.rate'
    value: number
  }

  export interface OfferMessageOfferHeadFieldEvent {
    field: '$.offer.head'
    value: number
  }

  export interface OfferMessageAnswerHandleFieldEvent {
    field: '$.answer.handle'
    value: number
  }

  export interface OfferMessageAnswerDecisionFieldEvent {
    field: '$.answer.decision'
    value: LaneDecision
  }

  export interface OfferMessageHaveHandleFieldEvent {
    field: '$.have.handle'
    value: number
  }

  export interface OfferMessageHaveSeqFieldEvent {
    field: '$.have.seq'
    value: number
  }

  export interface OfferMessageHaveChunksFieldEvent {
    field: '$.have.chunks[]'
    index: number
    value: number
  }

  export interface OfferMessageBitfieldHandleFieldEvent {
    field: '$.bitfield.handle'
    value: number
  }

  export interface OfferMessageBitfieldSeqFieldEvent {
    field: '$.bitfield.seq'
    value: number
  }

  export interface OfferMessageBitfieldBitsFieldEvent {
    field: '$.bitfield.bits'
    value: Uint8Array
  }

  export interface OfferMessageRequestHandleFieldEvent {
    field: '$.request.handle'
    value: number
  }

  export interface OfferMessageRequestSeqFieldEvent {
    field: '$.request.seq'
    value: number
  }

  export interface OfferMessageRequestChunkFieldEvent {
    field: '$.request.chunk'
    value: number
  }

  export interface OfferMessageRequestOffsetFieldEvent {
    field: '$.request.offset'
    value: number
  }

  export interface OfferMessageRequestUrgentFieldEvent {
    field: '$.request.urgent'
    value: boolean
  }

  export interface OfferMessageRequestHeldFieldEvent {
    field: '$.request.held'
    value: number
  }

  export interface OfferMessageCancelHandleFieldEvent {
    field: '$.cancel.handle'
    value: number
  }

  export interface OfferMessageCancelSeqFieldEvent {
    field: '$.cancel.seq'
    value: number
  }

  export interface OfferMessageCancelChunkFieldEvent {
    field: '$.cancel.chunk'
    value: number
  }

  export interface OfferMessageAcknowledgePiecesFieldEvent {
    field: '$.acknowledge.pieces'
    value: number
  }

  export interface OfferMessageComingHandleFieldEvent {
    field: '$.coming.handle'
    value: number
  }

  export interface OfferMessageComingSeqFieldEvent {
    field: '$.coming.seq'
    value: number
  }

  export interface OfferMessageComingChunksFieldEvent {
    field: '$.coming.chunks[]'
    index: number
    value: number
  }

  export interface OfferMessageWantHandleFieldEvent {
    field: '$.want.handle'
    value: number
  }

  export interface OfferMessageWantSeqFieldEvent {
    field: '$.want.seq'
    value: number
  }

  export interface OfferMessageWantFirstFieldEvent {
    field: '$.want.first'
    value: number
  }

  export interface OfferMessageWantEndFieldEvent {
    field: '$.want.end'
    value: number
  }

  export interface OfferMessagePagesWantedHandleFieldEvent {
    field: '$.pagesWanted.handle'
    value: number
  }

  export interface OfferMessagePagesWantedSeqFieldEvent {
    field: '$.pagesWanted.seq'
    value: number
  }

  export interface OfferMessagePagesWantedFromFieldEvent {
    field: '$.pagesWanted.from'
    value: number
  }

  export interface OfferMessagePagesWantedPieceFieldEvent {
    field: '$.pagesWanted.piece'
    value: number
  }

  export function encode (obj: Partial<OfferMessage>): Uint8Array {
    return encodeMessage(obj, OfferMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OfferMessage>): OfferMessage {
    return decodeMessage(buf, OfferMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OfferMessage>): Generator<OfferMessageBindHandleFieldEvent | OfferMessageBindJobFieldEvent | OfferMessageHandoverHandleFieldEvent | OfferMessageHandoverJobFieldEvent | OfferMessageHandoverCommandsCommandFieldEvent | OfferMessageHandoverCommandsAcceptanceFieldEvent | OfferMessageHandoverRangesFirstFieldEvent | OfferMessageHandoverRangesEndFieldEvent | OfferMessageHandoverErrandFieldEvent | OfferMessageHandoverAckHandleFieldEvent | OfferMessageHandoverAckErrandFieldEvent | OfferMessageHandoverAckHeadFieldEvent | OfferMessageHandoverAckRefusedFieldEvent | OfferMessageOfferHandleFieldEvent | OfferMessageOfferRateFieldEvent | OfferMessageOfferHeadFieldEvent | OfferMessageAnswerHandleFieldEvent | OfferMessageAnswerDecisionFieldEvent | OfferMessageHaveHandleFieldEvent | OfferMessageHaveSeqFieldEvent | OfferMessageHaveChunksFieldEvent | OfferMessageBitfieldHandleFieldEvent | OfferMessageBitfieldSeqFieldEvent | OfferMessageBitfieldBitsFieldEvent | OfferMessageRequestHandleFieldEvent | OfferMessageRequestSeqFieldEvent | OfferMessageRequestChunkFieldEvent | OfferMessageRequestOffsetFieldEvent | OfferMessageRequestUrgentFieldEvent | OfferMessageRequestHeldFieldEvent | OfferMessageCancelHandleFieldEvent | OfferMessageCancelSeqFieldEvent | OfferMessageCancelChunkFieldEvent | OfferMessageAcknowledgePiecesFieldEvent | OfferMessageComingHandleFieldEvent | OfferMessageComingSeqFieldEvent | OfferMessageComingChunksFieldEvent | OfferMessageWantHandleFieldEvent | OfferMessageWantSeqFieldEvent | OfferMessageWantFirstFieldEvent | OfferMessageWantEndFieldEvent | OfferMessagePagesWantedHandleFieldEvent | OfferMessagePagesWantedSeqFieldEvent | OfferMessagePagesWantedFromFieldEvent | OfferMessagePagesWantedPieceFieldEvent> {
    return streamMessage(buf, OfferMessage.codec(), opts)
  }
}

export interface Bind {
  handle: number
  job: Uint8Array
}

export namespace Bind {
  let _codec: Codec<Bind>

  export const codec = (): Codec<Bind> => {
    if (_codec == null) {
      _codec = message<Bind>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.job != null && obj.job.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.job)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          job: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.job = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.job`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface BindHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface BindJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export function encode (obj: Partial<Bind>): Uint8Array {
    return encodeMessage(obj, Bind.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Bind>): Bind {
    return decodeMessage(buf, Bind.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Bind>): Generator<BindHandleFieldEvent | BindJobFieldEvent> {
    return streamMessage(buf, Bind.codec(), opts)
  }
}

export interface Handover {
  handle: number
  job: Uint8Array
  commands: QueuedCommand[]
  ranges: RankRange[]
  errand: number
}

export namespace Handover {
  let _codec: Codec<Handover>

  export const codec = (): Codec<Handover> => {
    if (_codec == null) {
      _codec = message<Handover>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.job != null && obj.job.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.job)
        }

        if (obj.commands != null && obj.commands.length > 0) {
          for (const value of obj.commands) {
            w.uint32(26)
            QueuedCommand.codec().encode(value, w)
          }
        }

        if (obj.ranges != null && obj.ranges.length > 0) {
          for (const value of obj.ranges) {
            w.uint32(34)
            RankRange.codec().encode(value, w)
          }
        }

        if ((obj.errand != null && obj.errand !== 0)) {
          w.uint32(40)
          w.uint32(obj.errand)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          job: uint8ArrayAlloc(0),
          commands: [],
          ranges: [],
          errand: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.job = reader.bytes()
              break
            }
            case 3: {
              if (opts.limits?.commands != null && obj.commands.length === opts.limits.commands) {
                throw new MaxLengthError('Decode error - repeated field "commands" had too many elements')
              }

              obj.commands.push(QueuedCommand.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.commands$
              }))
              break
            }
            case 4: {
              if (opts.limits?.ranges != null && obj.ranges.length === opts.limits.ranges) {
                throw new MaxLengthError('Decode error - repeated field "ranges" had too many elements')
              }

              obj.ranges.push(RankRange.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ranges$
              }))
              break
            }
            case 5: {
              obj.errand = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          commands: 0,
          ranges: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.job`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              if (opts.limits?.commands != null && obj.commands === opts.limits.commands) {
                throw new MaxLengthError('Streaming decode error - repeated field "commands" had too many elements')
              }

              for (const evt of QueuedCommand.codec().stream(reader, reader.uint32(), `${prefix}.commands[]`, {
                limits: opts.limits?.commands$
              })) {
                yield {
                  ...evt,
                  index: obj.commands
                }
              }

              obj.commands++

              break
            }
            case 4: {
              if (opts.limits?.ranges != null && obj.ranges === opts.limits.ranges) {
                throw new MaxLengthError('Streaming decode error - repeated field "ranges" had too many elements')
              }

              for (const evt of RankRange.codec().stream(reader, reader.uint32(), `${prefix}.ranges[]`, {
                limits: opts.limits?.ranges$
              })) {
                yield {
                  ...evt,
                  index: obj.ranges
                }
              }

              obj.ranges++

              break
            }
            case 5: {
              yield {
                field: `${prefix}.errand`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface HandoverHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface HandoverJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface HandoverCommandsCommandFieldEvent {
    field: '$.commands[].command'
    value: Uint8Array
    index: number
  }

  export interface HandoverCommandsAcceptanceFieldEvent {
    field: '$.commands[].acceptance'
    value: Uint8Array
    index: number
  }

  export interface HandoverRangesFirstFieldEvent {
    field: '$.ranges[].first'
    value: number
    index: number
  }

  export interface HandoverRangesEndFieldEvent {
    field: '$.ranges[].end'
    value: number
    index: number
  }

  export interface HandoverErrandFieldEvent {
    field: '$.errand'
    value: number
  }

  export function encode (obj: Partial<Handover>): Uint8Array {
    return encodeMessage(obj, Handover.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Handover>): Handover {
    return decodeMessage(buf, Handover.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Handover>): Generator<HandoverHandleFieldEvent | HandoverJobFieldEvent | HandoverCommandsCommandFieldEvent | HandoverCommandsAcceptanceFieldEvent | HandoverRangesFirstFieldEvent | HandoverRangesEndFieldEvent | HandoverErrandFieldEvent> {
    return streamMessage(buf, Handover.codec(), opts)
  }
}

export interface QueuedCommand {
  command: Uint8Array
  acceptance: Uint8Array
}

export namespace QueuedCommand {
  let _codec: Codec<QueuedCommand>

  export const codec = (): Codec<QueuedCommand> => {
    if (_codec == null) {
      _codec = message<QueuedCommand>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.command != null && obj.command.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.command)
        }

        if ((obj.acceptance != null && obj.acceptance.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.acceptance)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          command: uint8ArrayAlloc(0),
          acceptance: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.command = reader.bytes()
              break
            }
            case 2: {
              obj.acceptance = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.command`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.acceptance`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface QueuedCommandCommandFieldEvent {
    field: '$.command'
    value: Uint8Array
  }

  export interface QueuedCommandAcceptanceFieldEvent {
    field: '$.acceptance'
    value: Uint8Array
  }

  export function encode (obj: Partial<QueuedCommand>): Uint8Array {
    return encodeMessage(obj, QueuedCommand.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<QueuedCommand>): QueuedCommand {
    return decodeMessage(buf, QueuedCommand.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<QueuedCommand>): Generator<QueuedCommandCommandFieldEvent | QueuedCommandAcceptanceFieldEvent> {
    return streamMessage(buf, QueuedCommand.codec(), opts)
  }
}

export interface RankRange {
  first: number
  end: number
}

export namespace RankRange {
  let _codec: Codec<RankRange>

  export const codec = (): Codec<RankRange> => {
    if (_codec == null) {
      _codec = message<RankRange>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.first != null && obj.first !== 0)) {
          w.uint32(8)
          w.uint32(obj.first)
        }

        if ((obj.end != null && obj.end !== 0)) {
          w.uint32(16)
          w.uint32(obj.end)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          first: 0,
          end: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.first = reader.uint32()
              break
            }
            case 2: {
              obj.end = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.first`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.end`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface RankRangeFirstFieldEvent {
    field: '$.first'
    value: number
  }

  export interface RankRangeEndFieldEvent {
    field: '$.end'
    value: number
  }

  export function encode (obj: Partial<RankRange>): Uint8Array {
    return encodeMessage(obj, RankRange.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RankRange>): RankRange {
    return decodeMessage(buf, RankRange.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RankRange>): Generator<RankRangeFirstFieldEvent | RankRangeEndFieldEvent> {
    return streamMessage(buf, RankRange.codec(), opts)
  }
}

export interface HandoverAck {
  handle: number
  errand: number
  head: number
  refused: string
}

export namespace HandoverAck {
  let _codec: Codec<HandoverAck>

  export const codec = (): Codec<HandoverAck> => {
    if (_codec == null) {
      _codec = message<HandoverAck>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.errand != null && obj.errand !== 0)) {
          w.uint32(16)
          w.uint32(obj.errand)
        }

        if ((obj.head != null && obj.head !== 0)) {
          w.uint32(24)
          w.uint32(obj.head)
        }

        if ((obj.refused != null && obj.refused !== '')) {
          w.uint32(34)
          w.string(obj.refused)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          errand: 0,
          head: 0,
          refused: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.errand = reader.uint32()
              break
            }
            case 3: {
              obj.head = reader.uint32()
              break
            }
            case 4: {
              obj.refused = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.errand`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.head`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.refused`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface HandoverAckHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface HandoverAckErrandFieldEvent {
    field: '$.errand'
    value: number
  }

  export interface HandoverAckHeadFieldEvent {
    field: '$.head'
    value: number
  }

  export interface HandoverAckRefusedFieldEvent {
    field: '$.refused'
    value: string
  }

  export function encode (obj: Partial<HandoverAck>): Uint8Array {
    return encodeMessage(obj, HandoverAck.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HandoverAck>): HandoverAck {
    return decodeMessage(buf, HandoverAck.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HandoverAck>): Generator<HandoverAckHandleFieldEvent | HandoverAckErrandFieldEvent | HandoverAckHeadFieldEvent | HandoverAckRefusedFieldEvent> {
    return streamMessage(buf, HandoverAck.codec(), opts)
  }
}

export interface LaneOffer {
  handle: number
  rate: number
  head: number
}

export namespace LaneOffer {
  let _codec: Codec<LaneOffer>

  export const codec = (): Codec<LaneOffer> => {
    if (_codec == null) {
      _codec = message<LaneOffer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.rate != null && obj.rate !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.rate)
        }

        if ((obj.head != null && obj.head !== 0)) {
          w.uint32(24)
          w.uint32(obj.head)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          rate: 0,
          head: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.rate = reader.uint64Number()
              break
            }
            case 3: {
              obj.head = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.rate`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.head`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface LaneOfferHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface LaneOfferRateFieldEvent {
    field: '$.rate'
    value: number
  }

  export interface LaneOfferHeadFieldEvent {
    field: '$.head'
    value: number
  }

  export function encode (obj: Partial<LaneOffer>): Uint8Array {
    return encodeMessage(obj, LaneOffer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LaneOffer>): LaneOffer {
    return decodeMessage(buf, LaneOffer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LaneOffer>): Generator<LaneOfferHandleFieldEvent | LaneOfferRateFieldEvent | LaneOfferHeadFieldEvent> {
    return streamMessage(buf, LaneOffer.codec(), opts)
  }
}

export interface LaneAnswer {
  handle: number
  decision: LaneDecision
}

export namespace LaneAnswer {
  let _codec: Codec<LaneAnswer>

  export const codec = (): Codec<LaneAnswer> => {
    if (_codec == null) {
      _codec = message<LaneAnswer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if (obj.decision != null && __LaneDecisionValues[obj.decision] !== 0) {
          w.uint32(16)
          LaneDecision.codec().encode(obj.decision, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          decision: LaneDecision.ACCEPT
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.decision = LaneDecision.codec().decode(reader)
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.decision`,
                value: LaneDecision.codec().decode(reader)
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface LaneAnswerHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface LaneAnswerDecisionFieldEvent {
    field: '$.decision'
    value: LaneDecision
  }

  export function encode (obj: Partial<LaneAnswer>): Uint8Array {
    return encodeMessage(obj, LaneAnswer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LaneAnswer>): LaneAnswer {
    return decodeMessage(buf, LaneAnswer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LaneAnswer>): Generator<LaneAnswerHandleFieldEvent | LaneAnswerDecisionFieldEvent> {
    return streamMessage(buf, LaneAnswer.codec(), opts)
  }
}

export enum LaneDecision {
  ACCEPT = 'ACCEPT',
  DECLINE_ENOUGH = 'DECLINE_ENOUGH',
  DECLINE_UNKNOWN_JOB = 'DECLINE_UNKNOWN_JOB',
  DECLINE_DONE = 'DECLINE_DONE',
  SWITCHED = 'SWITCHED'
}

enum __LaneDecisionValues {
  ACCEPT = 0,
  DECLINE_ENOUGH = 1,
  DECLINE_UNKNOWN_JOB = 2,
  DECLINE_DONE = 3,
  SWITCHED = 4
}

export namespace LaneDecision {
  export const codec = (): Codec<LaneDecision> => {
    return enumeration<LaneDecision>(__LaneDecisionValues)
  }
}

export interface Have {
  handle: number
  seq: number
  chunks: number[]
}

export namespace Have {
  let _codec: Codec<Have>

  export const codec = (): Codec<Have> => {
    if (_codec == null) {
      _codec = message<Have>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(16)
          w.uint32(obj.seq)
        }

        if (obj.chunks != null && obj.chunks.length > 0) {
          for (const value of obj.chunks) {
            w.uint32(24)
            w.uint32(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          seq: 0,
          chunks: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.seq = reader.uint32()
              break
            }
            case 3: {
              if (opts.limits?.chunks != null && obj.chunks.length === opts.limits.chunks) {
                throw new MaxLengthError('Decode error - repeated field "chunks" had too many elements')
              }

              obj.chunks.push(reader.uint32())
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          chunks: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              if (opts.limits?.chunks != null && obj.chunks === opts.limits.chunks) {
                throw new MaxLengthError('Streaming decode error - repeated field "chunks" had too many elements')
              }

              yield {
                field: `${prefix}.chunks[]`,
                index: obj.chunks,
                value: reader.uint32()
              }

              obj.chunks++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface HaveHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface HaveSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface HaveChunksFieldEvent {
    field: '$.chunks[]'
    index: number
    value: number
  }

  export function encode (obj: Partial<Have>): Uint8Array {
    return encodeMessage(obj, Have.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Have>): Have {
    return decodeMessage(buf, Have.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Have>): Generator<HaveHandleFieldEvent | HaveSeqFieldEvent | HaveChunksFieldEvent> {
    return streamMessage(buf, Have.codec(), opts)
  }
}

export interface Bitfield {
  handle: number
  seq: number
  bits: Uint8Array
}

export namespace Bitfield {
  let _codec: Codec<Bitfield>

  export const codec = (): Codec<Bitfield> => {
    if (_codec == null) {
      _codec = message<Bitfield>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(16)
          w.uint32(obj.seq)
        }

        if ((obj.bits != null && obj.bits.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.bits)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          seq: 0,
          bits: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.seq = reader.uint32()
              break
            }
            case 3: {
              obj.bits = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.bits`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface BitfieldHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface BitfieldSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface BitfieldBitsFieldEvent {
    field: '$.bits'
    value: Uint8Array
  }

  export function encode (obj: Partial<Bitfield>): Uint8Array {
    return encodeMessage(obj, Bitfield.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Bitfield>): Bitfield {
    return decodeMessage(buf, Bitfield.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Bitfield>): Generator<BitfieldHandleFieldEvent | BitfieldSeqFieldEvent | BitfieldBitsFieldEvent> {
    return streamMessage(buf, Bitfield.codec(), opts)
  }
}

export interface ChunkRequest {
  handle: number
  seq: number
  chunk: number
  offset: number
  urgent: boolean
  held: number
}

export namespace ChunkRequest {
  let _codec: Codec<ChunkRequest>

  export const codec = (): Codec<ChunkRequest> => {
    if (_codec == null) {
      _codec = message<ChunkRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(16)
          w.uint32(obj.seq)
        }

        if ((obj.chunk != null && obj.chunk !== 0)) {
          w.uint32(24)
          w.uint32(obj.chunk)
        }

        if ((obj.offset != null && obj.offset !== 0)) {
          w.uint32(32)
          w.uint32(obj.offset)
        }

        if ((obj.urgent != null && obj.urgent !== false)) {
          w.uint32(40)
          w.bool(obj.urgent)
        }

        if ((obj.held != null && obj.held !== 0)) {
          w.uint32(48)
          w.uint32(obj.held)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          seq: 0,
          chunk: 0,
          offset: 0,
          urgent: false,
          held: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.seq = reader.uint32()
              break
            }
            case 3: {
              obj.chunk = reader.uint32()
              break
            }
            case 4: {
              obj.offset = reader.uint32()
              break
            }
            case 5: {
              obj.urgent = reader.bool()
              break
            }
            case 6: {
              obj.held = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.chunk`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.offset`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.urgent`,
                value: reader.bool()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.held`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface ChunkRequestHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface ChunkRequestSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface ChunkRequestChunkFieldEvent {
    field: '$.chunk'
    value: number
  }

  export interface ChunkRequestOffsetFieldEvent {
    field: '$.offset'
    value: number
  }

  export interface ChunkRequestUrgentFieldEvent {
    field: '$.urgent'
    value: boolean
  }

  export interface ChunkRequestHeldFieldEvent {
    field: '$.held'
    value: number
  }

  export function encode (obj: Partial<ChunkRequest>): Uint8Array {
    return encodeMessage(obj, ChunkRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChunkRequest>): ChunkRequest {
    return decodeMessage(buf, ChunkRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChunkRequest>): Generator<ChunkRequestHandleFieldEvent | ChunkRequestSeqFieldEvent | ChunkRequestChunkFieldEvent | ChunkRequestOffsetFieldEvent | ChunkRequestUrgentFieldEvent | ChunkRequestHeldFieldEvent> {
    return streamMessage(buf, ChunkRequest.codec(), opts)
  }
}

export interface ChunkCancel {
  handle: number
  seq: number
  chunk: number
}

export namespace ChunkCancel {
  let _codec: Codec<ChunkCancel>

  export const codec = (): Codec<ChunkCancel> => {
    if (_codec == null) {
      _codec = message<ChunkCancel>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(16)
          w.uint32(obj.seq)
        }

        if ((obj.chunk != null && obj.chunk !== 0)) {
          w.uint32(24)
          w.uint32(obj.chunk)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          seq: 0,
          chunk: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.seq = reader.uint32()
              break
            }
            case 3: {
              obj.chunk = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.chunk`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface ChunkCancelHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface ChunkCancelSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface ChunkCancelChunkFieldEvent {
    field: '$.chunk'
    value: number
  }

  export function encode (obj: Partial<ChunkCancel>): Uint8Array {
    return encodeMessage(obj, ChunkCancel.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChunkCancel>): ChunkCancel {
    return decodeMessage(buf, ChunkCancel.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChunkCancel>): Generator<ChunkCancelHandleFieldEvent | ChunkCancelSeqFieldEvent | ChunkCancelChunkFieldEvent> {
    return streamMessage(buf, ChunkCancel.codec(), opts)
  }
}

export interface Acknowledge {
  pieces: number
}

export namespace Acknowledge {
  let _codec: Codec<Acknowledge>

  export const codec = (): Codec<Acknowledge> => {
    if (_codec == null) {
      _codec = message<Acknowledge>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.pieces != null && obj.pieces !== 0)) {
          w.uint32(8)
          w.uint32(obj.pieces)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          pieces: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.pieces = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.pieces`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AcknowledgePiecesFieldEvent {
    field: '$.pieces'
    value: number
  }

  export function encode (obj: Partial<Acknowledge>): Uint8Array {
    return encodeMessage(obj, Acknowledge.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Acknowledge>): Acknowledge {
    return decodeMessage(buf, Acknowledge.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Acknowledge>): Generator<AcknowledgePiecesFieldEvent> {
    return streamMessage(buf, Acknowledge.codec(), opts)
  }
}

export interface Coming {
  handle: number
  seq: number
  chunks: number[]
}

export namespace Coming {
  let _codec: Codec<Coming>

  export const codec = (): Codec<Coming> => {
    if (_codec == null) {
      _codec = message<Coming>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(16)
          w.uint32(obj.seq)
        }

        if (obj.chunks != null && obj.chunks.length > 0) {
          for (const value of obj.chunks) {
            w.uint32(24)
            w.uint32(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          seq: 0,
          chunks: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.seq = reader.uint32()
              break
            }
            case 3: {
              if (opts.limits?.chunks != null && obj.chunks.length === opts.limits.chunks) {
                throw new MaxLengthError('Decode error - repeated field "chunks" had too many elements')
              }

              obj.chunks.push(reader.uint32())
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          chunks: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              if (opts.limits?.chunks != null && obj.chunks === opts.limits.chunks) {
                throw new MaxLengthError('Streaming decode error - repeated field "chunks" had too many elements')
              }

              yield {
                field: `${prefix}.chunks[]`,
                index: obj.chunks,
                value: reader.uint32()
              }

              obj.chunks++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface ComingHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface ComingSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface ComingChunksFieldEvent {
    field: '$.chunks[]'
    index: number
    value: number
  }

  export function encode (obj: Partial<Coming>): Uint8Array {
    return encodeMessage(obj, Coming.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Coming>): Coming {
    return decodeMessage(buf, Coming.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Coming>): Generator<ComingHandleFieldEvent | ComingSeqFieldEvent | ComingChunksFieldEvent> {
    return streamMessage(buf, Coming.codec(), opts)
  }
}

export interface Want {
  handle: number
  seq: number
  first: number
  end: number
}

export namespace Want {
  let _codec: Codec<Want>

  export const codec = (): Codec<Want> => {
    if (_codec == null) {
      _codec = message<Want>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(16)
          w.uint32(obj.seq)
        }

        if ((obj.first != null && obj.first !== 0)) {
          w.uint32(24)
          w.uint32(obj.first)
        }

        if ((obj.end != null && obj.end !== 0)) {
          w.uint32(32)
          w.uint32(obj.end)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          seq: 0,
          first: 0,
          end: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.seq = reader.uint32()
              break
            }
            case 3: {
              obj.first = reader.uint32()
              break
            }
            case 4: {
              obj.end = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.first`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.end`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface WantHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface WantSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface WantFirstFieldEvent {
    field: '$.first'
    value: number
  }

  export interface WantEndFieldEvent {
    field: '$.end'
    value: number
  }

  export function encode (obj: Partial<Want>): Uint8Array {
    return encodeMessage(obj, Want.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Want>): Want {
    return decodeMessage(buf, Want.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Want>): Generator<WantHandleFieldEvent | WantSeqFieldEvent | WantFirstFieldEvent | WantEndFieldEvent> {
    return streamMessage(buf, Want.codec(), opts)
  }
}

export interface PagesWanted {
  handle: number
  seq: number
  from: number
  piece?: number
}

export namespace PagesWanted {
  let _codec: Codec<PagesWanted>

  export const codec = (): Codec<PagesWanted> => {
    if (_codec == null) {
      _codec = message<PagesWanted>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(16)
          w.uint32(obj.seq)
        }

        if ((obj.from != null && obj.from !== 0)) {
          w.uint32(24)
          w.uint32(obj.from)
        }

        if (obj.piece != null) {
          w.uint32(32)
          w.uint32(obj.piece)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          seq: 0,
          from: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.seq = reader.uint32()
              break
            }
            case 3: {
              obj.from = reader.uint32()
              break
            }
            case 4: {
              obj.piece = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.from`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.piece`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface PagesWantedHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface PagesWantedSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface PagesWantedFromFieldEvent {
    field: '$.from'
    value: number
  }

  export interface PagesWantedPieceFieldEvent {
    field: '$.piece'
    value: number
  }

  export function encode (obj: Partial<PagesWanted>): Uint8Array {
    return encodeMessage(obj, PagesWanted.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PagesWanted>): PagesWanted {
    return decodeMessage(buf, PagesWanted.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PagesWanted>): Generator<PagesWantedHandleFieldEvent | PagesWantedSeqFieldEvent | PagesWantedFromFieldEvent | PagesWantedPieceFieldEvent> {
    return streamMessage(buf, PagesWanted.codec(), opts)
  }
}
