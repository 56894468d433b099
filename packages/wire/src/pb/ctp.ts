import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface CtpRequest {
  command?: CommandSubmission
  page?: Uint8Array
  piece?: PieceHeader
  resume?: Resume
}

export namespace CtpRequest {
  let _codec: Codec<CtpRequest>

  export const codec = (): Codec<CtpRequest> => {
    if (_codec == null) {
      _codec = message<CtpRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.resume != null) {
          obj.piece = undefined
          obj.page = undefined
          obj.command = undefined
        }

        if (obj.piece != null) {
          obj.resume = undefined
          obj.page = undefined
          obj.command = undefined
        }

        if (obj.page != null) {
          obj.resume = undefined
          obj.piece = undefined
          obj.command = undefined
        }

        if (obj.command != null) {
          obj.resume = undefined
          obj.piece = undefined
          obj.page = undefined
        }

        if (obj.command != null) {
          w.uint32(10)
          CommandSubmission.codec().encode(obj.command, w)
        }

        if (obj.page != null) {
          w.uint32(18)
          w.bytes(obj.page)
        }

        if (obj.piece != null) {
          w.uint32(26)
          PieceHeader.codec().encode(obj.piece, w)
        }

        if (obj.resume != null) {
          w.uint32(34)
          Resume.codec().encode(obj.resume, w)
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
              obj.command = CommandSubmission.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.command
              })
              break
            }
            case 2: {
              obj.page = reader.bytes()
              break
            }
            case 3: {
              obj.piece = PieceHeader.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.piece
              })
              break
            }
            case 4: {
              obj.resume = Resume.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.resume
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.resume != null) {
          delete obj.piece
          delete obj.page
          delete obj.command
        }

        if (obj.piece != null) {
          delete obj.resume
          delete obj.page
          delete obj.command
        }

        if (obj.page != null) {
          delete obj.resume
          delete obj.piece
          delete obj.command
        }

        if (obj.command != null) {
          delete obj.resume
          delete obj.piece
          delete obj.page
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * CommandSubmission.codec().stream(reader, reader.uint32(), `${prefix}.command`, {
                limits: opts.limits?.command
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.page`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield * PieceHeader.codec().stream(reader, reader.uint32(), `${prefix}.piece`, {
                limits: opts.limits?.piece
              })

              break
            }
            case 4: {
              yield * Resume.codec().stream(reader, reader.uint32(), `${prefix}.resume`, {
                limits: opts.limits?.resume
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

  export interface CtpRequestCommandJobFieldEvent {
    field: '$.command.job'
    value: string
  }

  export interface CtpRequestCommandCommandFieldEvent {
    field: '$.command.command'
    value: Uint8Array
  }

  export interface CtpRequestPageFieldEvent {
    field: '$.page'
    value: Uint8Array
  }

  export interface CtpRequestPiecePieceFieldEvent {
    field: '$.piece.piece'
    value: number
  }

  export interface CtpRequestPieceLengthFieldEvent {
    field: '$.piece.length'
    value: number
  }

  export interface CtpRequestResumeJobFieldEvent {
    field: '$.resume.job'
    value: string
  }

  export interface CtpRequestResumeSeqFieldEvent {
    field: '$.resume.seq'
    value: number
  }

  export function encode (obj: Partial<CtpRequest>): Uint8Array {
    return encodeMessage(obj, CtpRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CtpRequest>): CtpRequest {
    return decodeMessage(buf, CtpRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CtpRequest>): Generator<CtpRequestCommandJobFieldEvent | CtpRequestCommandCommandFieldEvent | CtpRequestPageFieldEvent | CtpRequestPiecePieceFieldEvent | CtpRequestPieceLengthFieldEvent | CtpRequestResumeJobFieldEvent | CtpRequestResumeSeqFieldEvent> {
    return streamMessage(buf, CtpRequest.codec(), opts)
  }
}

export interface CommandSubmission {
  job: string
  command: Uint8Array
}

export namespace CommandSubmission {
  let _codec: Codec<CommandSubmission>

  export const codec = (): Codec<CommandSubmission> => {
    if (_codec == null) {
      _codec = message<CommandSubmission>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if ((obj.command != null && obj.command.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.command)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: '',
          command: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.job = reader.string()
              break
            }
            case 2: {
              obj.command = reader.bytes()
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
                field: `${prefix}.job`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.command`,
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

  export interface CommandSubmissionJobFieldEvent {
    field: '$.job'
    value: string
  }

  export interface CommandSubmissionCommandFieldEvent {
    field: '$.command'
    value: Uint8Array
  }

  export function encode (obj: Partial<CommandSubmission>): Uint8Array {
    return encodeMessage(obj, CommandSubmission.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommandSubmission>): CommandSubmission {
    return decodeMessage(buf, CommandSubmission.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommandSubmission>): Generator<CommandSubmissionJobFieldEvent | CommandSubmissionCommandFieldEvent> {
    return streamMessage(buf, CommandSubmission.codec(), opts)
  }
}

export interface PieceHeader {
  piece: number
  length: number
}

export namespace PieceHeader {
  let _codec: Codec<PieceHeader>

  export const codec = (): Codec<PieceHeader> => {
    if (_codec == null) {
      _codec = message<PieceHeader>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.piece != null && obj.piece !== 0)) {
          w.uint32(8)
          w.uint32(obj.piece)
        }

        if ((obj.length != null && obj.length !== 0)) {
          w.uint32(16)
          w.uint32(obj.length)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          piece: 0,
          length: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.piece = reader.uint32()
              break
            }
            case 2: {
              obj.length = reader.uint32()
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
                field: `${prefix}.piece`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.length`,
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

  export interface PieceHeaderPieceFieldEvent {
    field: '$.piece'
    value: number
  }

  export interface PieceHeaderLengthFieldEvent {
    field: '$.length'
    value: number
  }

  export function encode (obj: Partial<PieceHeader>): Uint8Array {
    return encodeMessage(obj, PieceHeader.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PieceHeader>): PieceHeader {
    return decodeMessage(buf, PieceHeader.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PieceHeader>): Generator<PieceHeaderPieceFieldEvent | PieceHeaderLengthFieldEvent> {
    return streamMessage(buf, PieceHeader.codec(), opts)
  }
}

export interface Resume {
  job: string
  seq: number
}

export namespace Resume {
  let _codec: Codec<Resume>

  export const codec = (): Codec<Resume> => {
    if (_codec == null) {
      _codec = message<Resume>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(16)
          w.uint32(obj.seq)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: '',
          seq: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.job = reader.string()
              break
            }
            case 2: {
              obj.seq = reader.uint32()
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
                field: `${prefix}.job`,
                value: reader.string()
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

  export interface ResumeJobFieldEvent {
    field: '$.job'
    value: string
  }

  export interface ResumeSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export function encode (obj: Partial<Resume>): Uint8Array {
    return encodeMessage(obj, Resume.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Resume>): Resume {
    return decodeMessage(buf, Resume.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Resume>): Generator<ResumeJobFieldEvent | ResumeSeqFieldEvent> {
    return streamMessage(buf, Resume.codec(), opts)
  }
}

export interface CtpReply {
  accepted?: Uint8Array
  refused?: string
  durable?: Durable
  sealed?: Uint8Array
}

export namespace CtpReply {
  let _codec: Codec<CtpReply>

  export const codec = (): Codec<CtpReply> => {
    if (_codec == null) {
      _codec = message<CtpReply>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.sealed != null) {
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.durable != null) {
          obj.sealed = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.refused != null) {
          obj.sealed = undefined
          obj.durable = undefined
          obj.accepted = undefined
        }

        if (obj.accepted != null) {
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
        }

        if (obj.accepted != null) {
          w.uint32(10)
          w.bytes(obj.accepted)
        }

        if (obj.refused != null) {
          w.uint32(18)
          w.string(obj.refused)
        }

        if (obj.durable != null) {
          w.uint32(26)
          Durable.codec().encode(obj.durable, w)
        }

        if (obj.sealed != null) {
          w.uint32(34)
          w.bytes(obj.sealed)
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
              obj.accepted = reader.bytes()
              break
            }
            case 2: {
              obj.refused = reader.string()
              break
            }
            case 3: {
              obj.durable = Durable.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.durable
              })
              break
            }
            case 4: {
              obj.sealed = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.sealed != null) {
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.durable != null) {
          delete obj.sealed
          delete obj.refused
          delete obj.accepted
        }

        if (obj.refused != null) {
          delete obj.sealed
          delete obj.durable
          delete obj.accepted
        }

        if (obj.accepted != null) {
          delete obj.sealed
          delete obj.durable
          delete obj.refused
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.accepted`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.refused`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield * Durable.codec().stream(reader, reader.uint32(), `${prefix}.durable`, {
                limits: opts.limits?.durable
              })

              break
            }
            case 4: {
              yield {
                field: `${prefix}.sealed`,
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

  export interface CtpReplyAcceptedFieldEvent {
    field: '$.accepted'
    value: Uint8Array
  }

  export interface CtpReplyRefusedFieldEvent {
    field: '$.refused'
    value: string
  }

  export interface CtpReplyDurableRangesFirstFieldEvent {
    field: '$.durable.ranges[].first'
    value: number
    index: number
  }

  export interface CtpReplyDurableRangesEndFieldEvent {
    field: '$.durable.ranges[].end'
    value: number
    index: number
  }

  export interface CtpReplyDurablePagesFieldEvent {
    field: '$.durable.pages'
    value: number
  }

  export interface CtpReplySealedFieldEvent {
    field: '$.sealed'
    value: Uint8Array
  }

  export function encode (obj: Partial<CtpReply>): Uint8Array {
    return encodeMessage(obj, CtpReply.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CtpReply>): CtpReply {
    return decodeMessage(buf, CtpReply.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CtpReply>): Generator<CtpReplyAcceptedFieldEvent | CtpReplyRefusedFieldEvent | CtpReplyDurableRangesFirstFieldEvent | CtpReplyDurableRangesEndFieldEvent | CtpReplyDurablePagesFieldEvent | CtpReplySealedFieldEvent> {
    return streamMessage(buf, CtpReply.codec(), opts)
  }
}

export interface Durable {
  ranges: PieceRange[]
  pages: number
}

export namespace Durable {
  let _codec: Codec<Durable>

  export const codec = (): Codec<Durable> => {
    if (_codec == null) {
      _codec = message<Durable>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.ranges != null && obj.ranges.length > 0) {
          for (const value of obj.ranges) {
            w.uint32(10)
            PieceRange.codec().encode(value, w)
          }
        }

        if ((obj.pages != null && obj.pages !== 0)) {
          w.uint32(16)
          w.uint32(obj.pages)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          ranges: [],
          pages: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.ranges != null && obj.ranges.length === opts.limits.ranges) {
                throw new MaxLengthError('Decode error - repeated field "ranges" had too many elements')
              }

              obj.ranges.push(PieceRange.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ranges$
              }))
              break
            }
            case 2: {
              obj.pages = reader.uint32()
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
          ranges: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.ranges != null && obj.ranges === opts.limits.ranges) {
                throw new MaxLengthError('Streaming decode error - repeated field "ranges" had too many elements')
              }

              for (const evt of PieceRange.codec().stream(reader, reader.uint32(), `${prefix}.ranges[]`, {
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
            case 2: {
              yield {
                field: `${prefix}.pages`,
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

  export interface DurableRangesFirstFieldEvent {
    field: '$.ranges[].first'
    value: number
    index: number
  }

  export interface DurableRangesEndFieldEvent {
    field: '$.ranges[].end'
    value: number
    index: number
  }

  export interface DurablePagesFieldEvent {
    field: '$.pages'
    value: number
  }

  export function encode (obj: Partial<Durable>): Uint8Array {
    return encodeMessage(obj, Durable.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Durable>): Durable {
    return decodeMessage(buf, Durable.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Durable>): Generator<DurableRangesFirstFieldEvent | DurableRangesEndFieldEvent | DurablePagesFieldEvent> {
    return streamMessage(buf, Durable.codec(), opts)
  }
}

export interface PieceRange {
  first: number
  end: number
}

export namespace PieceRange {
  let _codec: Codec<PieceRange>

  export const codec = (): Codec<PieceRange> => {
    if (_codec == null) {
      _codec = message<PieceRange>((obj, w, opts = {}) => {
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

  export interface PieceRangeFirstFieldEvent {
    field: '$.first'
    value: number
  }

  export interface PieceRangeEndFieldEvent {
    field: '$.end'
    value: number
  }

  export function encode (obj: Partial<PieceRange>): Uint8Array {
    return encodeMessage(obj, PieceRange.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PieceRange>): PieceRange {
    return decodeMessage(buf, PieceRange.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PieceRange>): Generator<PieceRangeFirstFieldEvent | PieceRangeEndFieldEvent> {
    return streamMessage(buf, PieceRange.codec(), opts)
  }
}
