import { decodeMessage, encodeMessage, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface ChunkMessage {
  page?: BulkPage
  piece?: BulkPiece
  bind?: Handle
}

export namespace ChunkMessage {
  let _codec: Codec<ChunkMessage>

  export const codec = (): Codec<ChunkMessage> => {
    if (_codec == null) {
      _codec = message<ChunkMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.bind != null) {
          obj.piece = undefined
          obj.page = undefined
        }

        if (obj.piece != null) {
          obj.bind = undefined
          obj.page = undefined
        }

        if (obj.page != null) {
          obj.bind = undefined
          obj.piece = undefined
        }

        if (obj.page != null) {
          w.uint32(10)
          BulkPage.codec().encode(obj.page, w)
        }

        if (obj.piece != null) {
          w.uint32(18)
          BulkPiece.codec().encode(obj.piece, w)
        }

        if (obj.bind != null) {
          w.uint32(26)
          Handle.codec().encode(obj.bind, w)
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
              obj.page = BulkPage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.page
              })
              break
            }
            case 2: {
              obj.piece = BulkPiece.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.piece
              })
              break
            }
            case 3: {
              obj.bind = Handle.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.bind
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.bind != null) {
          delete obj.piece
          delete obj.page
        }

        if (obj.piece != null) {
          delete obj.bind
          delete obj.page
        }

        if (obj.page != null) {
          delete obj.bind
          delete obj.piece
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * BulkPage.codec().stream(reader, reader.uint32(), `${prefix}.page`, {
                limits: opts.limits?.page
              })

              break
            }
            case 2: {
              yield * BulkPiece.codec().stream(reader, reader.uint32(), `${prefix}.piece`, {
                limits: opts.limits?.piece
              })

              break
            }
            case 3: {
              yield * Handle.codec().stream(reader, reader.uint32(), `${prefix}.bind`, {
                limits: opts.limits?.bind
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

  export interface ChunkMessagePageHandleFieldEvent {
    field: '$.page.handle'
    value: number
  }

  export interface ChunkMessagePageSeqFieldEvent {
    field: '$.page.seq'
    value: number
  }

  export interface ChunkMessagePagePageFieldEvent {
    field: '$.page.page'
    value: Uint8Array
  }

  export interface ChunkMessagePageSealFieldEvent {
    field: '$.page.seal'
    value: Uint8Array
  }

  export interface ChunkMessagePieceHandleFieldEvent {
    field: '$.piece.handle'
    value: number
  }

  export interface ChunkMessagePieceSeqFieldEvent {
    field: '$.piece.seq'
    value: number
  }

  export interface ChunkMessagePiecePieceFieldEvent {
    field: '$.piece.piece'
    value: number
  }

  export interface ChunkMessagePieceLengthFieldEvent {
    field: '$.piece.length'
    value: number
  }

  export interface ChunkMessagePieceFirstFieldEvent {
    field: '$.piece.first'
    value: number
  }

  export interface ChunkMessageBindHandleFieldEvent {
    field: '$.bind.handle'
    value: number
  }

  export interface ChunkMessageBindJobFieldEvent {
    field: '$.bind.job'
    value: Uint8Array
  }

  export function encode (obj: Partial<ChunkMessage>): Uint8Array {
    return encodeMessage(obj, ChunkMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChunkMessage>): ChunkMessage {
    return decodeMessage(buf, ChunkMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChunkMessage>): Generator<ChunkMessagePageHandleFieldEvent | ChunkMessagePageSeqFieldEvent | ChunkMessagePagePageFieldEvent | ChunkMessagePageSealFieldEvent | ChunkMessagePieceHandleFieldEvent | ChunkMessagePieceSeqFieldEvent | ChunkMessagePiecePieceFieldEvent | ChunkMessagePieceLengthFieldEvent | ChunkMessagePieceFirstFieldEvent | ChunkMessageBindHandleFieldEvent | ChunkMessageBindJobFieldEvent> {
    return streamMessage(buf, ChunkMessage.codec(), opts)
  }
}

export interface Handle {
  handle: number
  job: Uint8Array
}

export namespace Handle {
  let _codec: Codec<Handle>

  export const codec = (): Codec<Handle> => {
    if (_codec == null) {
      _codec = message<Handle>((obj, w, opts = {}) => {
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

  export interface HandleHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface HandleJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export function encode (obj: Partial<Handle>): Uint8Array {
    return encodeMessage(obj, Handle.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Handle>): Handle {
    return decodeMessage(buf, Handle.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Handle>): Generator<HandleHandleFieldEvent | HandleJobFieldEvent> {
    return streamMessage(buf, Handle.codec(), opts)
  }
}

export interface BulkPage {
  handle: number
  seq: number
  page: Uint8Array
  seal: Uint8Array
}

export namespace BulkPage {
  let _codec: Codec<BulkPage>

  export const codec = (): Codec<BulkPage> => {
    if (_codec == null) {
      _codec = message<BulkPage>((obj, w, opts = {}) => {
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

        if ((obj.page != null && obj.page.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.page)
        }

        if ((obj.seal != null && obj.seal.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.seal)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          seq: 0,
          page: uint8ArrayAlloc(0),
          seal: uint8ArrayAlloc(0)
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
              obj.page = reader.bytes()
              break
            }
            case 4: {
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
                field: `${prefix}.page`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
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

  export interface BulkPageHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface BulkPageSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface BulkPagePageFieldEvent {
    field: '$.page'
    value: Uint8Array
  }

  export interface BulkPageSealFieldEvent {
    field: '$.seal'
    value: Uint8Array
  }

  export function encode (obj: Partial<BulkPage>): Uint8Array {
    return encodeMessage(obj, BulkPage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BulkPage>): BulkPage {
    return decodeMessage(buf, BulkPage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BulkPage>): Generator<BulkPageHandleFieldEvent | BulkPageSeqFieldEvent | BulkPagePageFieldEvent | BulkPageSealFieldEvent> {
    return streamMessage(buf, BulkPage.codec(), opts)
  }
}

export interface BulkPiece {
  handle: number
  seq: number
  piece: number
  length: number
  first?: number
}

export namespace BulkPiece {
  let _codec: Codec<BulkPiece>

  export const codec = (): Codec<BulkPiece> => {
    if (_codec == null) {
      _codec = message<BulkPiece>((obj, w, opts = {}) => {
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

        if ((obj.piece != null && obj.piece !== 0)) {
          w.uint32(24)
          w.uint32(obj.piece)
        }

        if ((obj.length != null && obj.length !== 0)) {
          w.uint32(32)
          w.uint32(obj.length)
        }

        if (obj.first != null) {
          w.uint32(40)
          w.uint32(obj.first)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          seq: 0,
          piece: 0,
          length: 0
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
              obj.piece = reader.uint32()
              break
            }
            case 4: {
              obj.length = reader.uint32()
              break
            }
            case 5: {
              obj.first = reader.uint32()
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
                field: `${prefix}.piece`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.length`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.first`,
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

  export interface BulkPieceHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface BulkPieceSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface BulkPiecePieceFieldEvent {
    field: '$.piece'
    value: number
  }

  export interface BulkPieceLengthFieldEvent {
    field: '$.length'
    value: number
  }

  export interface BulkPieceFirstFieldEvent {
    field: '$.first'
    value: number
  }

  export function encode (obj: Partial<BulkPiece>): Uint8Array {
    return encodeMessage(obj, BulkPiece.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BulkPiece>): BulkPiece {
    return decodeMessage(buf, BulkPiece.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BulkPiece>): Generator<BulkPieceHandleFieldEvent | BulkPieceSeqFieldEvent | BulkPiecePieceFieldEvent | BulkPieceLengthFieldEvent | BulkPieceFirstFieldEvent> {
    return streamMessage(buf, BulkPiece.codec(), opts)
  }
}
