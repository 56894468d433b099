import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface CtpRequest {
  command?: CommandSubmission
  page?: Uint8Array
  piece?: PieceHeader
  resume?: Resume
  ask?: Ask
  errand?: Errand
  more?: number
  data?: Uint8Array
  locate?: Locate
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

        if (obj.locate != null) {
          obj.data = undefined
          obj.more = undefined
          obj.errand = undefined
          obj.ask = undefined
          obj.resume = undefined
          obj.piece = undefined
          obj.page = undefined
          obj.command = undefined
        }

        if (obj.data != null) {
          obj.locate = undefined
          obj.more = undefined
          obj.errand = undefined
          obj.ask = undefined
          obj.resume = undefined
          obj.piece = undefined
          obj.page = undefined
          obj.command = undefined
        }

        if (obj.more != null) {
          obj.locate = undefined
          obj.data = undefined
          obj.errand = undefined
          obj.ask = undefined
          obj.resume = undefined
          obj.piece = undefined
          obj.page = undefined
          obj.command = undefined
        }

        if (obj.errand != null) {
          obj.locate = undefined
          obj.data = undefined
          obj.more = undefined
          obj.ask = undefined
          obj.resume = undefined
          obj.piece = undefined
          obj.page = undefined
          obj.command = undefined
        }

        if (obj.ask != null) {
          obj.locate = undefined
          obj.data = undefined
          obj.more = undefined
          obj.errand = undefined
          obj.resume = undefined
          obj.piece = undefined
          obj.page = undefined
          obj.command = undefined
        }

        if (obj.resume != null) {
          obj.locate = undefined
          obj.data = undefined
          obj.more = undefined
          obj.errand = undefined
          obj.ask = undefined
          obj.piece = undefined
          obj.page = undefined
          obj.command = undefined
        }

        if (obj.piece != null) {
          obj.locate = undefined
          obj.data = undefined
          obj.more = undefined
          obj.errand = undefined
          obj.ask = undefined
          obj.resume = undefined
          obj.page = undefined
          obj.command = undefined
        }

        if (obj.page != null) {
          obj.locate = undefined
          obj.data = undefined
          obj.more = undefined
          obj.errand = undefined
          obj.ask = undefined
          obj.resume = undefined
          obj.piece = undefined
          obj.command = undefined
        }

        if (obj.command != null) {
          obj.locate = undefined
          obj.data = undefined
          obj.more = undefined
          obj.errand = undefined
          obj.ask = undefined
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

        if (obj.ask != null) {
          w.uint32(42)
          Ask.codec().encode(obj.ask, w)
        }

        if (obj.errand != null) {
          w.uint32(50)
          Errand.codec().encode(obj.errand, w)
        }

        if (obj.more != null) {
          w.uint32(56)
          w.uint32(obj.more)
        }

        if (obj.data != null) {
          w.uint32(66)
          w.bytes(obj.data)
        }

        if (obj.locate != null) {
          w.uint32(74)
          Locate.codec().encode(obj.locate, w)
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
            case 5: {
              obj.ask = Ask.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ask
              })
              break
            }
            case 6: {
              obj.errand = Errand.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.errand
              })
              break
            }
            case 7: {
              obj.more = reader.uint32()
              break
            }
            case 8: {
              obj.data = reader.bytes()
              break
            }
            case 9: {
              obj.locate = Locate.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.locate
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.locate != null) {
          delete obj.data
          delete obj.more
          delete obj.errand
          delete obj.ask
          delete obj.resume
          delete obj.piece
          delete obj.page
          delete obj.command
        }

        if (obj.data != null) {
          delete obj.locate
          delete obj.more
          delete obj.errand
          delete obj.ask
          delete obj.resume
          delete obj.piece
          delete obj.page
          delete obj.command
        }

        if (obj.more != null) {
          delete obj.locate
          delete obj.data
          delete obj.errand
          delete obj.ask
          delete obj.resume
          delete obj.piece
          delete obj.page
          delete obj.command
        }

        if (obj.errand != null) {
          delete obj.locate
          delete obj.data
          delete obj.more
          delete obj.ask
          delete obj.resume
          delete obj.piece
          delete obj.page
          delete obj.command
        }

        if (obj.ask != null) {
          delete obj.locate
          delete obj.data
          delete obj.more
          delete obj.errand
          delete obj.resume
          delete obj.piece
          delete obj.page
          delete obj.command
        }

        if (obj.resume != null) {
          delete obj.locate
          delete obj.data
          delete obj.more
          delete obj.errand
          delete obj.ask
          delete obj.piece
          delete obj.page
          delete obj.command
        }

        if (obj.piece != null) {
          delete obj.locate
          delete obj.data
          delete obj.more
          delete obj.errand
          delete obj.ask
          delete obj.resume
          delete obj.page
          delete obj.command
        }

        if (obj.page != null) {
          delete obj.locate
          delete obj.data
          delete obj.more
          delete obj.errand
          delete obj.ask
          delete obj.resume
          delete obj.piece
          delete obj.command
        }

        if (obj.command != null) {
          delete obj.locate
          delete obj.data
          delete obj.more
          delete obj.errand
          delete obj.ask
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
            case 5: {
              yield * Ask.codec().stream(reader, reader.uint32(), `${prefix}.ask`, {
                limits: opts.limits?.ask
              })

              break
            }
            case 6: {
              yield * Errand.codec().stream(reader, reader.uint32(), `${prefix}.errand`, {
                limits: opts.limits?.errand
              })

              break
            }
            case 7: {
              yield {
                field: `${prefix}.more`,
                value: reader.uint32()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.data`,
                value: reader.bytes()
              }
              break
            }
            case 9: {
              yield * Locate.codec().stream(reader, reader.uint32(), `${prefix}.locate`, {
                limits: opts.limits?.locate
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

  export interface CtpRequestAskNodeFieldEvent {
    field: '$.ask.node'
    value: string
  }

  export interface CtpRequestAskPathFieldEvent {
    field: '$.ask.path[]'
    index: number
    value: string
  }

  export interface CtpRequestAskVerbFieldEvent {
    field: '$.ask.verb'
    value: string
  }

  export interface CtpRequestErrandCapabilityFieldEvent {
    field: '$.errand.capability'
    value: Uint8Array
  }

  export interface CtpRequestErrandVerbFieldEvent {
    field: '$.errand.verb'
    value: string
  }

  export interface CtpRequestErrandPathFieldEvent {
    field: '$.errand.path[]'
    index: number
    value: string
  }

  export interface CtpRequestErrandRecursiveFieldEvent {
    field: '$.errand.recursive'
    value: boolean
  }

  export interface CtpRequestErrandDigestFieldEvent {
    field: '$.errand.digest'
    value: boolean
  }

  export interface CtpRequestErrandAfterFieldEvent {
    field: '$.errand.after[]'
    index: number
    value: string
  }

  export interface CtpRequestErrandOffsetFieldEvent {
    field: '$.errand.offset'
    value: number
  }

  export interface CtpRequestErrandLengthFieldEvent {
    field: '$.errand.length'
    value: number
  }

  export interface CtpRequestErrandEntryFieldEvent {
    field: '$.errand.entry'
    value: Uint8Array
  }

  export interface CtpRequestErrandParentsFieldEvent {
    field: '$.errand.parents'
    value: boolean
  }

  export interface CtpRequestMoreFieldEvent {
    field: '$.more'
    value: number
  }

  export interface CtpRequestDataFieldEvent {
    field: '$.data'
    value: Uint8Array
  }

  export interface CtpRequestLocatePathFieldEvent {
    field: '$.locate.path[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<CtpRequest>): Uint8Array {
    return encodeMessage(obj, CtpRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CtpRequest>): CtpRequest {
    return decodeMessage(buf, CtpRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CtpRequest>): Generator<CtpRequestCommandJobFieldEvent | CtpRequestCommandCommandFieldEvent | CtpRequestPageFieldEvent | CtpRequestPiecePieceFieldEvent | CtpRequestPieceLengthFieldEvent | CtpRequestResumeJobFieldEvent | CtpRequestResumeSeqFieldEvent | CtpRequestAskNodeFieldEvent | CtpRequestAskPathFieldEvent | CtpRequestAskVerbFieldEvent | CtpRequestErrandCapabilityFieldEvent | CtpRequestErrandVerbFieldEvent | CtpRequestErrandPathFieldEvent | CtpRequestErrandRecursiveFieldEvent | CtpRequestErrandDigestFieldEvent | CtpRequestErrandAfterFieldEvent | CtpRequestErrandOffsetFieldEvent | CtpRequestErrandLengthFieldEvent | CtpRequestErrandEntryFieldEvent | CtpRequestErrandParentsFieldEvent | CtpRequestMoreFieldEvent | CtpRequestDataFieldEvent | CtpRequestLocatePathFieldEvent> {
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

export interface Ask {
  node: string
  path: string[]
  verb: string
}

export namespace Ask {
  let _codec: Codec<Ask>

  export const codec = (): Codec<Ask> => {
    if (_codec == null) {
      _codec = message<Ask>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.node != null && obj.node !== '')) {
          w.uint32(10)
          w.string(obj.node)
        }

        if (obj.path != null && obj.path.length > 0) {
          for (const value of obj.path) {
            w.uint32(18)
            w.string(value)
          }
        }

        if ((obj.verb != null && obj.verb !== '')) {
          w.uint32(26)
          w.string(obj.verb)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          node: '',
          path: [],
          verb: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.node = reader.string()
              break
            }
            case 2: {
              if (opts.limits?.path != null && obj.path.length === opts.limits.path) {
                throw new MaxLengthError('Decode error - repeated field "path" had too many elements')
              }

              obj.path.push(reader.string())
              break
            }
            case 3: {
              obj.verb = reader.string()
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
          path: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.node`,
                value: reader.string()
              }
              break
            }
            case 2: {
              if (opts.limits?.path != null && obj.path === opts.limits.path) {
                throw new MaxLengthError('Streaming decode error - repeated field "path" had too many elements')
              }

              yield {
                field: `${prefix}.path[]`,
                index: obj.path,
                value: reader.string()
              }

              obj.path++

              break
            }
            case 3: {
              yield {
                field: `${prefix}.verb`,
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

  export interface AskNodeFieldEvent {
    field: '$.node'
    value: string
  }

  export interface AskPathFieldEvent {
    field: '$.path[]'
    index: number
    value: string
  }

  export interface AskVerbFieldEvent {
    field: '$.verb'
    value: string
  }

  export function encode (obj: Partial<Ask>): Uint8Array {
    return encodeMessage(obj, Ask.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ask>): Ask {
    return decodeMessage(buf, Ask.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ask>): Generator<AskNodeFieldEvent | AskPathFieldEvent | AskVerbFieldEvent> {
    return streamMessage(buf, Ask.codec(), opts)
  }
}

export interface Errand {
  capability: Uint8Array
  verb: string
  path: string[]
  recursive: boolean
  digest: boolean
  after: string[]
  offset: number
  length?: number
  entry: Uint8Array
  parents: boolean
}

export namespace Errand {
  let _codec: Codec<Errand>

  export const codec = (): Codec<Errand> => {
    if (_codec == null) {
      _codec = message<Errand>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.capability != null && obj.capability.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.capability)
        }

        if ((obj.verb != null && obj.verb !== '')) {
          w.uint32(18)
          w.string(obj.verb)
        }

        if (obj.path != null && obj.path.length > 0) {
          for (const value of obj.path) {
            w.uint32(26)
            w.string(value)
          }
        }

        if ((obj.recursive != null && obj.recursive !== false)) {
          w.uint32(32)
          w.bool(obj.recursive)
        }

        if ((obj.digest != null && obj.digest !== false)) {
          w.uint32(40)
          w.bool(obj.digest)
        }

        if (obj.after != null && obj.after.length > 0) {
          for (const value of obj.after) {
            w.uint32(50)
            w.string(value)
          }
        }

        if ((obj.offset != null && obj.offset !== 0)) {
          w.uint32(56)
          w.uint64Number(obj.offset)
        }

        if (obj.length != null) {
          w.uint32(64)
          w.uint64Number(obj.length)
        }

        if ((obj.entry != null && obj.entry.byteLength > 0)) {
          w.uint32(74)
          w.bytes(obj.entry)
        }

        if ((obj.parents != null && obj.parents !== false)) {
          w.uint32(80)
          w.bool(obj.parents)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          capability: uint8ArrayAlloc(0),
          verb: '',
          path: [],
          recursive: false,
          digest: false,
          after: [],
          offset: 0,
          entry: uint8ArrayAlloc(0),
          parents: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.capability = reader.bytes()
              break
            }
            case 2: {
              obj.verb = reader.string()
              break
            }
            case 3: {
              if (opts.limits?.path != null && obj.path.length === opts.limits.path) {
                throw new MaxLengthError('Decode error - repeated field "path" had too many elements')
              }

              obj.path.push(reader.string())
              break
            }
            case 4: {
              obj.recursive = reader.bool()
              break
            }
            case 5: {
              obj.digest = reader.bool()
              break
            }
            case 6: {
              if (opts.limits?.after != null && obj.after.length === opts.limits.after) {
                throw new MaxLengthError('Decode error - repeated field "after" had too many elements')
              }

              obj.after.push(reader.string())
              break
            }
            case 7: {
              obj.offset = reader.uint64Number()
              break
            }
            case 8: {
              obj.length = reader.uint64Number()
              break
            }
            case 9: {
              obj.entry = reader.bytes()
              break
            }
            case 10: {
              obj.parents = reader.bool()
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
          path: 0,
          after: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.capability`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.verb`,
                value: reader.string()
              }
              break
            }
            case 3: {
              if (opts.limits?.path != null && obj.path === opts.limits.path) {
                throw new MaxLengthError('Streaming decode error - repeated field "path" had too many elements')
              }

              yield {
                field: `${prefix}.path[]`,
                index: obj.path,
                value: reader.string()
              }

              obj.path++

              break
            }
            case 4: {
              yield {
                field: `${prefix}.recursive`,
                value: reader.bool()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.digest`,
                value: reader.bool()
              }
              break
            }
            case 6: {
              if (opts.limits?.after != null && obj.after === opts.limits.after) {
                throw new MaxLengthError('Streaming decode error - repeated field "after" had too many elements')
              }

              yield {
                field: `${prefix}.after[]`,
                index: obj.after,
                value: reader.string()
              }

              obj.after++

              break
            }
            case 7: {
              yield {
                field: `${prefix}.offset`,
                value: reader.uint64Number()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.length`,
                value: reader.uint64Number()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.entry`,
                value: reader.bytes()
              }
              break
            }
            case 10: {
              yield {
                field: `${prefix}.parents`,
                value: reader.bool()
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

  export interface ErrandCapabilityFieldEvent {
    field: '$.capability'
    value: Uint8Array
  }

  export interface ErrandVerbFieldEvent {
    field: '$.verb'
    value: string
  }

  export interface ErrandPathFieldEvent {
    field: '$.path[]'
    index: number
    value: string
  }

  export interface ErrandRecursiveFieldEvent {
    field: '$.recursive'
    value: boolean
  }

  export interface ErrandDigestFieldEvent {
    field: '$.digest'
    value: boolean
  }

  export interface ErrandAfterFieldEvent {
    field: '$.after[]'
    index: number
    value: string
  }

  export interface ErrandOffsetFieldEvent {
    field: '$.offset'
    value: number
  }

  export interface ErrandLengthFieldEvent {
    field: '$.length'
    value: number
  }

  export interface ErrandEntryFieldEvent {
    field: '$.entry'
    value: Uint8Array
  }

  export interface ErrandParentsFieldEvent {
    field: '$.parents'
    value: boolean
  }

  export function encode (obj: Partial<Errand>): Uint8Array {
    return encodeMessage(obj, Errand.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Errand>): Errand {
    return decodeMessage(buf, Errand.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Errand>): Generator<ErrandCapabilityFieldEvent | ErrandVerbFieldEvent | ErrandPathFieldEvent | ErrandRecursiveFieldEvent | ErrandDigestFieldEvent | ErrandAfterFieldEvent | ErrandOffsetFieldEvent | ErrandLengthFieldEvent | ErrandEntryFieldEvent | ErrandParentsFieldEvent> {
    return streamMessage(buf, Errand.codec(), opts)
  }
}

export interface CtpReply {
  accepted?: Uint8Array
  refused?: string
  durable?: Durable
  sealed?: Uint8Array
  granted?: Granted
  listed?: ListPage
  entry?: Uint8Array
  data?: Uint8Array
  more?: number
  hashed?: number
  done?: Done
  failed?: Failure
  want?: PieceRange
  located?: Located
  received?: number
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

        if (obj.received != null) {
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.located != null) {
          obj.received = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.want != null) {
          obj.received = undefined
          obj.located = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.failed != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.done != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.hashed != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.more != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.data != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.entry != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.listed != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.granted != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.sealed != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.durable = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.durable != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.refused = undefined
          obj.accepted = undefined
        }

        if (obj.refused != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
          obj.sealed = undefined
          obj.durable = undefined
          obj.accepted = undefined
        }

        if (obj.accepted != null) {
          obj.received = undefined
          obj.located = undefined
          obj.want = undefined
          obj.failed = undefined
          obj.done = undefined
          obj.hashed = undefined
          obj.more = undefined
          obj.data = undefined
          obj.entry = undefined
          obj.listed = undefined
          obj.granted = undefined
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

        if (obj.granted != null) {
          w.uint32(42)
          Granted.codec().encode(obj.granted, w)
        }

        if (obj.listed != null) {
          w.uint32(50)
          ListPage.codec().encode(obj.listed, w)
        }

        if (obj.entry != null) {
          w.uint32(58)
          w.bytes(obj.entry)
        }

        if (obj.data != null) {
          w.uint32(66)
          w.bytes(obj.data)
        }

        if (obj.more != null) {
          w.uint32(72)
          w.uint32(obj.more)
        }

        if (obj.hashed != null) {
          w.uint32(80)
          w.uint64Number(obj.hashed)
        }

        if (obj.done != null) {
          w.uint32(90)
          Done.codec().encode(obj.done, w)
        }

        if (obj.failed != null) {
          w.uint32(98)
          Failure.codec().encode(obj.failed, w)
        }

        if (obj.want != null) {
          w.uint32(106)
          PieceRange.codec().encode(obj.want, w)
        }

        if (obj.located != null) {
          w.uint32(114)
          Located.codec().encode(obj.located, w)
        }

        if (obj.received != null) {
          w.uint32(120)
          w.uint64Number(obj.received)
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
            case 5: {
              obj.granted = Granted.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.granted
              })
              break
            }
            case 6: {
              obj.listed = ListPage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.listed
              })
              break
            }
            case 7: {
              obj.entry = reader.bytes()
              break
            }
            case 8: {
              obj.data = reader.bytes()
              break
            }
            case 9: {
              obj.more = reader.uint32()
              break
            }
            case 10: {
              obj.hashed = reader.uint64Number()
              break
            }
            case 11: {
              obj.done = Done.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.done
              })
              break
            }
            case 12: {
              obj.failed = Failure.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.failed
              })
              break
            }
            case 13: {
              obj.want = PieceRange.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.want
              })
              break
            }
            case 14: {
              obj.located = Located.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.located
              })
              break
            }
            case 15: {
              obj.received = reader.uint64Number()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.received != null) {
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.located != null) {
          delete obj.received
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.want != null) {
          delete obj.received
          delete obj.located
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.failed != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.done != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.hashed != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.more != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.data != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.entry != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.listed != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.granted != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.sealed
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.sealed != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.durable
          delete obj.refused
          delete obj.accepted
        }

        if (obj.durable != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.refused
          delete obj.accepted
        }

        if (obj.refused != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
          delete obj.sealed
          delete obj.durable
          delete obj.accepted
        }

        if (obj.accepted != null) {
          delete obj.received
          delete obj.located
          delete obj.want
          delete obj.failed
          delete obj.done
          delete obj.hashed
          delete obj.more
          delete obj.data
          delete obj.entry
          delete obj.listed
          delete obj.granted
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
            case 5: {
              yield * Granted.codec().stream(reader, reader.uint32(), `${prefix}.granted`, {
                limits: opts.limits?.granted
              })

              break
            }
            case 6: {
              yield * ListPage.codec().stream(reader, reader.uint32(), `${prefix}.listed`, {
                limits: opts.limits?.listed
              })

              break
            }
            case 7: {
              yield {
                field: `${prefix}.entry`,
                value: reader.bytes()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.data`,
                value: reader.bytes()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.more`,
                value: reader.uint32()
              }
              break
            }
            case 10: {
              yield {
                field: `${prefix}.hashed`,
                value: reader.uint64Number()
              }
              break
            }
            case 11: {
              yield * Done.codec().stream(reader, reader.uint32(), `${prefix}.done`, {
                limits: opts.limits?.done
              })

              break
            }
            case 12: {
              yield * Failure.codec().stream(reader, reader.uint32(), `${prefix}.failed`, {
                limits: opts.limits?.failed
              })

              break
            }
            case 13: {
              yield * PieceRange.codec().stream(reader, reader.uint32(), `${prefix}.want`, {
                limits: opts.limits?.want
              })

              break
            }
            case 14: {
              yield * Located.codec().stream(reader, reader.uint32(), `${prefix}.located`, {
                limits: opts.limits?.located
              })

              break
            }
            case 15: {
              yield {
                field: `${prefix}.received`,
                value: reader.uint64Number()
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

  export interface CtpReplyGrantedCapabilityFieldEvent {
    field: '$.granted.capability'
    value: Uint8Array
  }

  export interface CtpReplyGrantedAddressesFieldEvent {
    field: '$.granted.addresses[]'
    index: number
    value: string
  }

  export interface CtpReplyListedEntriesFieldEvent {
    field: '$.listed.entries[]'
    index: number
    value: Uint8Array
  }

  export interface CtpReplyListedLastFieldEvent {
    field: '$.listed.last'
    value: boolean
  }

  export interface CtpReplyListedUnnamedFieldEvent {
    field: '$.listed.unnamed'
    value: number
  }

  export interface CtpReplyEntryFieldEvent {
    field: '$.entry'
    value: Uint8Array
  }

  export interface CtpReplyDataFieldEvent {
    field: '$.data'
    value: Uint8Array
  }

  export interface CtpReplyMoreFieldEvent {
    field: '$.more'
    value: number
  }

  export interface CtpReplyHashedFieldEvent {
    field: '$.hashed'
    value: number
  }

  export interface CtpReplyDoneDigestFieldEvent {
    field: '$.done.digest'
    value: Uint8Array
  }

  export interface CtpReplyDoneNotAppliedFieldEvent {
    field: '$.done.notApplied[]'
    index: number
    value: string
  }

  export interface CtpReplyDoneViewersFieldEvent {
    field: '$.done.viewers'
    value: number
  }

  export interface CtpReplyFailedCodeFieldEvent {
    field: '$.failed.code'
    value: string
  }

  export interface CtpReplyFailedMessageFieldEvent {
    field: '$.failed.message'
    value: string
  }

  export interface CtpReplyWantFirstFieldEvent {
    field: '$.want.first'
    value: number
  }

  export interface CtpReplyWantEndFieldEvent {
    field: '$.want.end'
    value: number
  }

  export interface CtpReplyLocatedHoldersNodeFieldEvent {
    field: '$.located.holders[].node'
    value: string
    index: number
  }

  export interface CtpReplyLocatedHoldersEntryFieldEvent {
    field: '$.located.holders[].entry'
    value: Uint8Array
    index: number
  }

  export interface CtpReplyLocatedHoldersViewersFieldEvent {
    field: '$.located.holders[].viewers'
    value: number
    index: number
  }

  export interface CtpReplyLocatedHoldersHttpFieldEvent {
    field: '$.located.holders[].http'
    value: string
    index: number
  }

  export interface CtpReplyReceivedFieldEvent {
    field: '$.received'
    value: number
  }

  export function encode (obj: Partial<CtpReply>): Uint8Array {
    return encodeMessage(obj, CtpReply.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CtpReply>): CtpReply {
    return decodeMessage(buf, CtpReply.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CtpReply>): Generator<CtpReplyAcceptedFieldEvent | CtpReplyRefusedFieldEvent | CtpReplyDurableRangesFirstFieldEvent | CtpReplyDurableRangesEndFieldEvent | CtpReplyDurablePagesFieldEvent | CtpReplySealedFieldEvent | CtpReplyGrantedCapabilityFieldEvent | CtpReplyGrantedAddressesFieldEvent | CtpReplyListedEntriesFieldEvent | CtpReplyListedLastFieldEvent | CtpReplyListedUnnamedFieldEvent | CtpReplyEntryFieldEvent | CtpReplyDataFieldEvent | CtpReplyMoreFieldEvent | CtpReplyHashedFieldEvent | CtpReplyDoneDigestFieldEvent | CtpReplyDoneNotAppliedFieldEvent | CtpReplyDoneViewersFieldEvent | CtpReplyFailedCodeFieldEvent | CtpReplyFailedMessageFieldEvent | CtpReplyWantFirstFieldEvent | CtpReplyWantEndFieldEvent | CtpReplyLocatedHoldersNodeFieldEvent | CtpReplyLocatedHoldersEntryFieldEvent | CtpReplyLocatedHoldersViewersFieldEvent | CtpReplyLocatedHoldersHttpFieldEvent | CtpReplyReceivedFieldEvent> {
    return streamMessage(buf, CtpReply.codec(), opts)
  }
}

export interface Granted {
  capability: Uint8Array
  addresses: string[]
}

export namespace Granted {
  let _codec: Codec<Granted>

  export const codec = (): Codec<Granted> => {
    if (_codec == null) {
      _codec = message<Granted>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.capability != null && obj.capability.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.capability)
        }

        if (obj.addresses != null && obj.addresses.length > 0) {
          for (const value of obj.addresses) {
            w.uint32(18)
            w.string(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          capability: uint8ArrayAlloc(0),
          addresses: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.capability = reader.bytes()
              break
            }
            case 2: {
              if (opts.limits?.addresses != null && obj.addresses.length === opts.limits.addresses) {
                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements')
              }

              obj.addresses.push(reader.string())
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
          addresses: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.capability`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              if (opts.limits?.addresses != null && obj.addresses === opts.limits.addresses) {
                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements')
              }

              yield {
                field: `${prefix}.addresses[]`,
                index: obj.addresses,
                value: reader.string()
              }

              obj.addresses++

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

  export interface GrantedCapabilityFieldEvent {
    field: '$.capability'
    value: Uint8Array
  }

  export interface GrantedAddressesFieldEvent {
    field: '$.addresses[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<Granted>): Uint8Array {
    return encodeMessage(obj, Granted.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Granted>): Granted {
    return decodeMessage(buf, Granted.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Granted>): Generator<GrantedCapabilityFieldEvent | GrantedAddressesFieldEvent> {
    return streamMessage(buf, Granted.codec(), opts)
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

export interface ListPage {
  entries: Uint8Array[]
  last: boolean
  unnamed: number
}

export namespace ListPage {
  let _codec: Codec<ListPage>

  export const codec = (): Codec<ListPage> => {
    if (_codec == null) {
      _codec = message<ListPage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.entries != null && obj.entries.length > 0) {
          for (const value of obj.entries) {
            w.uint32(10)
            w.bytes(value)
          }
        }

        if ((obj.last != null && obj.last !== false)) {
          w.uint32(16)
          w.bool(obj.last)
        }

        if ((obj.unnamed != null && obj.unnamed !== 0)) {
          w.uint32(24)
          w.uint32(obj.unnamed)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          entries: [],
          last: false,
          unnamed: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.entries != null && obj.entries.length === opts.limits.entries) {
                throw new MaxLengthError('Decode error - repeated field "entries" had too many elements')
              }

              obj.entries.push(reader.bytes())
              break
            }
            case 2: {
              obj.last = reader.bool()
              break
            }
            case 3: {
              obj.unnamed = reader.uint32()
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
          entries: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.entries != null && obj.entries === opts.limits.entries) {
                throw new MaxLengthError('Streaming decode error - repeated field "entries" had too many elements')
              }

              yield {
                field: `${prefix}.entries[]`,
                index: obj.entries,
                value: reader.bytes()
              }

              obj.entries++

              break
            }
            case 2: {
              yield {
                field: `${prefix}.last`,
                value: reader.bool()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.unnamed`,
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

  export interface ListPageEntriesFieldEvent {
    field: '$.entries[]'
    index: number
    value: Uint8Array
  }

  export interface ListPageLastFieldEvent {
    field: '$.last'
    value: boolean
  }

  export interface ListPageUnnamedFieldEvent {
    field: '$.unnamed'
    value: number
  }

  export function encode (obj: Partial<ListPage>): Uint8Array {
    return encodeMessage(obj, ListPage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ListPage>): ListPage {
    return decodeMessage(buf, ListPage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ListPage>): Generator<ListPageEntriesFieldEvent | ListPageLastFieldEvent | ListPageUnnamedFieldEvent> {
    return streamMessage(buf, ListPage.codec(), opts)
  }
}

export interface Done {
  digest: Uint8Array
  notApplied: string[]
  viewers?: number
}

export namespace Done {
  let _codec: Codec<Done>

  export const codec = (): Codec<Done> => {
    if (_codec == null) {
      _codec = message<Done>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.digest != null && obj.digest.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.digest)
        }

        if (obj.notApplied != null && obj.notApplied.length > 0) {
          for (const value of obj.notApplied) {
            w.uint32(18)
            w.string(value)
          }
        }

        if (obj.viewers != null) {
          w.uint32(24)
          w.uint32(obj.viewers)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          digest: uint8ArrayAlloc(0),
          notApplied: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.digest = reader.bytes()
              break
            }
            case 2: {
              if (opts.limits?.notApplied != null && obj.notApplied.length === opts.limits.notApplied) {
                throw new MaxLengthError('Decode error - repeated field "notApplied" had too many elements')
              }

              obj.notApplied.push(reader.string())
              break
            }
            case 3: {
              obj.viewers = reader.uint32()
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
          notApplied: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.digest`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              if (opts.limits?.notApplied != null && obj.notApplied === opts.limits.notApplied) {
                throw new MaxLengthError('Streaming decode error - repeated field "notApplied" had too many elements')
              }

              yield {
                field: `${prefix}.notApplied[]`,
                index: obj.notApplied,
                value: reader.string()
              }

              obj.notApplied++

              break
            }
            case 3: {
              yield {
                field: `${prefix}.viewers`,
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

  export interface DoneDigestFieldEvent {
    field: '$.digest'
    value: Uint8Array
  }

  export interface DoneNotAppliedFieldEvent {
    field: '$.notApplied[]'
    index: number
    value: string
  }

  export interface DoneViewersFieldEvent {
    field: '$.viewers'
    value: number
  }

  export function encode (obj: Partial<Done>): Uint8Array {
    return encodeMessage(obj, Done.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Done>): Done {
    return decodeMessage(buf, Done.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Done>): Generator<DoneDigestFieldEvent | DoneNotAppliedFieldEvent | DoneViewersFieldEvent> {
    return streamMessage(buf, Done.codec(), opts)
  }
}

export interface Failure {
  code: string
  message: string
}

export namespace Failure {
  let _codec: Codec<Failure>

  export const codec = (): Codec<Failure> => {
    if (_codec == null) {
      _codec = message<Failure>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.code != null && obj.code !== '')) {
          w.uint32(10)
          w.string(obj.code)
        }

        if ((obj.message != null && obj.message !== '')) {
          w.uint32(18)
          w.string(obj.message)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          code: '',
          message: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.code = reader.string()
              break
            }
            case 2: {
              obj.message = reader.string()
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
                field: `${prefix}.code`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.message`,
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

  export interface FailureCodeFieldEvent {
    field: '$.code'
    value: string
  }

  export interface FailureMessageFieldEvent {
    field: '$.message'
    value: string
  }

  export function encode (obj: Partial<Failure>): Uint8Array {
    return encodeMessage(obj, Failure.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Failure>): Failure {
    return decodeMessage(buf, Failure.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Failure>): Generator<FailureCodeFieldEvent | FailureMessageFieldEvent> {
    return streamMessage(buf, Failure.codec(), opts)
  }
}

export interface Locate {
  path: string[]
}

export namespace Locate {
  let _codec: Codec<Locate>

  export const codec = (): Codec<Locate> => {
    if (_codec == null) {
      _codec = message<Locate>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.path != null && obj.path.length > 0) {
          for (const value of obj.path) {
            w.uint32(10)
            w.string(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          path: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.path != null && obj.path.length === opts.limits.path) {
                throw new MaxLengthError('Decode error - repeated field "path" had too many elements')
              }

              obj.path.push(reader.string())
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
          path: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.path != null && obj.path === opts.limits.path) {
                throw new MaxLengthError('Streaming decode error - repeated field "path" had too many elements')
              }

              yield {
                field: `${prefix}.path[]`,
                index: obj.path,
                value: reader.string()
              }

              obj.path++

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

  export interface LocatePathFieldEvent {
    field: '$.path[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<Locate>): Uint8Array {
    return encodeMessage(obj, Locate.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Locate>): Locate {
    return decodeMessage(buf, Locate.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Locate>): Generator<LocatePathFieldEvent> {
    return streamMessage(buf, Locate.codec(), opts)
  }
}

export interface Located {
  holders: Holder[]
}

export namespace Located {
  let _codec: Codec<Located>

  export const codec = (): Codec<Located> => {
    if (_codec == null) {
      _codec = message<Located>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.holders != null && obj.holders.length > 0) {
          for (const value of obj.holders) {
            w.uint32(10)
            Holder.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          holders: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.holders != null && obj.holders.length === opts.limits.holders) {
                throw new MaxLengthError('Decode error - repeated field "holders" had too many elements')
              }

              obj.holders.push(Holder.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.holders$
              }))
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
          holders: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.holders != null && obj.holders === opts.limits.holders) {
                throw new MaxLengthError('Streaming decode error - repeated field "holders" had too many elements')
              }

              for (const evt of Holder.codec().stream(reader, reader.uint32(), `${prefix}.holders[]`, {
                limits: opts.limits?.holders$
              })) {
                yield {
                  ...evt,
                  index: obj.holders
                }
              }

              obj.holders++

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

  export interface LocatedHoldersNodeFieldEvent {
    field: '$.holders[].node'
    value: string
    index: number
  }

  export interface LocatedHoldersEntryFieldEvent {
    field: '$.holders[].entry'
    value: Uint8Array
    index: number
  }

  export interface LocatedHoldersViewersFieldEvent {
    field: '$.holders[].viewers'
    value: number
    index: number
  }

  export interface LocatedHoldersHttpFieldEvent {
    field: '$.holders[].http'
    value: string
    index: number
  }

  export function encode (obj: Partial<Located>): Uint8Array {
    return encodeMessage(obj, Located.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Located>): Located {
    return decodeMessage(buf, Located.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Located>): Generator<LocatedHoldersNodeFieldEvent | LocatedHoldersEntryFieldEvent | LocatedHoldersViewersFieldEvent | LocatedHoldersHttpFieldEvent> {
    return streamMessage(buf, Located.codec(), opts)
  }
}

export interface Holder {
  node: string
  entry: Uint8Array
  viewers: number
  http: string
}

export namespace Holder {
  let _codec: Codec<Holder>

  export const codec = (): Codec<Holder> => {
    if (_codec == null) {
      _codec = message<Holder>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.node != null && obj.node !== '')) {
          w.uint32(10)
          w.string(obj.node)
        }

        if ((obj.entry != null && obj.entry.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.entry)
        }

        if ((obj.viewers != null && obj.viewers !== 0)) {
          w.uint32(24)
          w.uint32(obj.viewers)
        }

        if ((obj.http != null && obj.http !== '')) {
          w.uint32(34)
          w.string(obj.http)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          node: '',
          entry: uint8ArrayAlloc(0),
          viewers: 0,
          http: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.node = reader.string()
              break
            }
            case 2: {
              obj.entry = reader.bytes()
              break
            }
            case 3: {
              obj.viewers = reader.uint32()
              break
            }
            case 4: {
              obj.http = reader.string()
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
                field: `${prefix}.node`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.entry`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.viewers`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.http`,
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

  export interface HolderNodeFieldEvent {
    field: '$.node'
    value: string
  }

  export interface HolderEntryFieldEvent {
    field: '$.entry'
    value: Uint8Array
  }

  export interface HolderViewersFieldEvent {
    field: '$.viewers'
    value: number
  }

  export interface HolderHttpFieldEvent {
    field: '$.http'
    value: string
  }

  export function encode (obj: Partial<Holder>): Uint8Array {
    return encodeMessage(obj, Holder.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Holder>): Holder {
    return decodeMessage(buf, Holder.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Holder>): Generator<HolderNodeFieldEvent | HolderEntryFieldEvent | HolderViewersFieldEvent | HolderHttpFieldEvent> {
    return streamMessage(buf, Holder.codec(), opts)
  }
}
