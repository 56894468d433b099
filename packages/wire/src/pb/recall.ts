import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface RecallRequest {
  before: string
  skip: number
}

export namespace RecallRequest {
  let _codec: Codec<RecallRequest>

  export const codec = (): Codec<RecallRequest> => {
    if (_codec == null) {
      _codec = message<RecallRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.before != null && obj.before !== '')) {
          w.uint32(10)
          w.string(obj.before)
        }

        if ((obj.skip != null && obj.skip !== 0)) {
          w.uint32(16)
          w.uint32(obj.skip)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          before: '',
          skip: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.before = reader.string()
              break
            }
            case 2: {
              obj.skip = reader.uint32()
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
                field: `${prefix}.before`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.skip`,
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

  export interface RecallRequestBeforeFieldEvent {
    field: '$.before'
    value: string
  }

  export interface RecallRequestSkipFieldEvent {
    field: '$.skip'
    value: number
  }

  export function encode (obj: Partial<RecallRequest>): Uint8Array {
    return encodeMessage(obj, RecallRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecallRequest>): RecallRequest {
    return decodeMessage(buf, RecallRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecallRequest>): Generator<RecallRequestBeforeFieldEvent | RecallRequestSkipFieldEvent> {
    return streamMessage(buf, RecallRequest.codec(), opts)
  }
}

export interface RecallReply {
  job: string
  signed: Uint8Array
  objects: RecalledObject[]
  more: boolean
}

export namespace RecallReply {
  let _codec: Codec<RecallReply>

  export const codec = (): Codec<RecallReply> => {
    if (_codec == null) {
      _codec = message<RecallReply>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if ((obj.signed != null && obj.signed.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.signed)
        }

        if (obj.objects != null && obj.objects.length > 0) {
          for (const value of obj.objects) {
            w.uint32(26)
            RecalledObject.codec().encode(value, w)
          }
        }

        if ((obj.more != null && obj.more !== false)) {
          w.uint32(32)
          w.bool(obj.more)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: '',
          signed: uint8ArrayAlloc(0),
          objects: [],
          more: false
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
              obj.signed = reader.bytes()
              break
            }
            case 3: {
              if (opts.limits?.objects != null && obj.objects.length === opts.limits.objects) {
                throw new MaxLengthError('Decode error - repeated field "objects" had too many elements')
              }

              obj.objects.push(RecalledObject.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.objects$
              }))
              break
            }
            case 4: {
              obj.more = reader.bool()
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
          objects: 0
        }

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
                field: `${prefix}.signed`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              if (opts.limits?.objects != null && obj.objects === opts.limits.objects) {
                throw new MaxLengthError('Streaming decode error - repeated field "objects" had too many elements')
              }

              for (const evt of RecalledObject.codec().stream(reader, reader.uint32(), `${prefix}.objects[]`, {
                limits: opts.limits?.objects$
              })) {
                yield {
                  ...evt,
                  index: obj.objects
                }
              }

              obj.objects++

              break
            }
            case 4: {
              yield {
                field: `${prefix}.more`,
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

  export interface RecallReplyJobFieldEvent {
    field: '$.job'
    value: string
  }

  export interface RecallReplySignedFieldEvent {
    field: '$.signed'
    value: Uint8Array
  }

  export interface RecallReplyObjectsCommandCommandFieldEvent {
    field: '$.objects[].command.command'
    value: Uint8Array
    index: number
  }

  export interface RecallReplyObjectsCommandAcceptanceFieldEvent {
    field: '$.objects[].command.acceptance'
    value: Uint8Array
    index: number
  }

  export interface RecallReplyObjectsPageSeqFieldEvent {
    field: '$.objects[].page.seq'
    value: number
    index: number
  }

  export interface RecallReplyObjectsPagePageFieldEvent {
    field: '$.objects[].page.page'
    value: Uint8Array
    index: number
  }

  export interface RecallReplyObjectsPageSealFieldEvent {
    field: '$.objects[].page.seal'
    value: Uint8Array
    index: number
  }

  export interface RecallReplyObjectsReceiptFieldEvent {
    field: '$.objects[].receipt'
    value: Uint8Array
    index: number
  }

  export interface RecallReplyMoreFieldEvent {
    field: '$.more'
    value: boolean
  }

  export function encode (obj: Partial<RecallReply>): Uint8Array {
    return encodeMessage(obj, RecallReply.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecallReply>): RecallReply {
    return decodeMessage(buf, RecallReply.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecallReply>): Generator<RecallReplyJobFieldEvent | RecallReplySignedFieldEvent | RecallReplyObjectsCommandCommandFieldEvent | RecallReplyObjectsCommandAcceptanceFieldEvent | RecallReplyObjectsPageSeqFieldEvent | RecallReplyObjectsPagePageFieldEvent | RecallReplyObjectsPageSealFieldEvent | RecallReplyObjectsReceiptFieldEvent | RecallReplyMoreFieldEvent> {
    return streamMessage(buf, RecallReply.codec(), opts)
  }
}

export interface RecalledObject {
  command?: RecalledCommand
  page?: RecalledPage
  receipt?: Uint8Array
}

export namespace RecalledObject {
  let _codec: Codec<RecalledObject>

  export const codec = (): Codec<RecalledObject> => {
    if (_codec == null) {
      _codec = message<RecalledObject>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.receipt != null) {
          obj.page = undefined
          obj.command = undefined
        }

        if (obj.page != null) {
          obj.receipt = undefined
          obj.command = undefined
        }

        if (obj.command != null) {
          obj.receipt = undefined
          obj.page = undefined
        }

        if (obj.command != null) {
          w.uint32(10)
          RecalledCommand.codec().encode(obj.command, w)
        }

        if (obj.page != null) {
          w.uint32(18)
          RecalledPage.codec().encode(obj.page, w)
        }

        if (obj.receipt != null) {
          w.uint32(26)
          w.bytes(obj.receipt)
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
              obj.command = RecalledCommand.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.command
              })
              break
            }
            case 2: {
              obj.page = RecalledPage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.page
              })
              break
            }
            case 3: {
              obj.receipt = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.receipt != null) {
          delete obj.page
          delete obj.command
        }

        if (obj.page != null) {
          delete obj.receipt
          delete obj.command
        }

        if (obj.command != null) {
          delete obj.receipt
          delete obj.page
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * RecalledCommand.codec().stream(reader, reader.uint32(), `${prefix}.command`, {
                limits: opts.limits?.command
              })

              break
            }
            case 2: {
              yield * RecalledPage.codec().stream(reader, reader.uint32(), `${prefix}.page`, {
                limits: opts.limits?.page
              })

              break
            }
            case 3: {
              yield {
                field: `${prefix}.receipt`,
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

  export interface RecalledObjectCommandCommandFieldEvent {
    field: '$.command.command'
    value: Uint8Array
  }

  export interface RecalledObjectCommandAcceptanceFieldEvent {
    field: '$.command.acceptance'
    value: Uint8Array
  }

  export interface RecalledObjectPageSeqFieldEvent {
    field: '$.page.seq'
    value: number
  }

  export interface RecalledObjectPagePageFieldEvent {
    field: '$.page.page'
    value: Uint8Array
  }

  export interface RecalledObjectPageSealFieldEvent {
    field: '$.page.seal'
    value: Uint8Array
  }

  export interface RecalledObjectReceiptFieldEvent {
    field: '$.receipt'
    value: Uint8Array
  }

  export function encode (obj: Partial<RecalledObject>): Uint8Array {
    return encodeMessage(obj, RecalledObject.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecalledObject>): RecalledObject {
    return decodeMessage(buf, RecalledObject.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecalledObject>): Generator<RecalledObjectCommandCommandFieldEvent | RecalledObjectCommandAcceptanceFieldEvent | RecalledObjectPageSeqFieldEvent | RecalledObjectPagePageFieldEvent | RecalledObjectPageSealFieldEvent | RecalledObjectReceiptFieldEvent> {
    return streamMessage(buf, RecalledObject.codec(), opts)
  }
}

export interface RecalledCommand {
  command: Uint8Array
  acceptance: Uint8Array
}

export namespace RecalledCommand {
  let _codec: Codec<RecalledCommand>

  export const codec = (): Codec<RecalledCommand> => {
    if (_codec == null) {
      _codec = message<RecalledCommand>((obj, w, opts = {}) => {
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

  export interface RecalledCommandCommandFieldEvent {
    field: '$.command'
    value: Uint8Array
  }

  export interface RecalledCommandAcceptanceFieldEvent {
    field: '$.acceptance'
    value: Uint8Array
  }

  export function encode (obj: Partial<RecalledCommand>): Uint8Array {
    return encodeMessage(obj, RecalledCommand.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecalledCommand>): RecalledCommand {
    return decodeMessage(buf, RecalledCommand.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecalledCommand>): Generator<RecalledCommandCommandFieldEvent | RecalledCommandAcceptanceFieldEvent> {
    return streamMessage(buf, RecalledCommand.codec(), opts)
  }
}

export interface RecalledPage {
  seq: number
  page: Uint8Array
  seal: Uint8Array
}

export namespace RecalledPage {
  let _codec: Codec<RecalledPage>

  export const codec = (): Codec<RecalledPage> => {
    if (_codec == null) {
      _codec = message<RecalledPage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(8)
          w.uint32(obj.seq)
        }

        if ((obj.page != null && obj.page.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.page)
        }

        if ((obj.seal != null && obj.seal.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.seal)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          seq: 0,
          page: uint8ArrayAlloc(0),
          seal: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.seq = reader.uint32()
              break
            }
            case 2: {
              obj.page = reader.bytes()
              break
            }
            case 3: {
              obj.seal = reader.bytes()
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
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
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
              yield {
                field: `${prefix}.seal`,
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

  export interface RecalledPageSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface RecalledPagePageFieldEvent {
    field: '$.page'
    value: Uint8Array
  }

  export interface RecalledPageSealFieldEvent {
    field: '$.seal'
    value: Uint8Array
  }

  export function encode (obj: Partial<RecalledPage>): Uint8Array {
    return encodeMessage(obj, RecalledPage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecalledPage>): RecalledPage {
    return decodeMessage(buf, RecalledPage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecalledPage>): Generator<RecalledPageSeqFieldEvent | RecalledPagePageFieldEvent | RecalledPageSealFieldEvent> {
    return streamMessage(buf, RecalledPage.codec(), opts)
  }
}
