import { decodeMessage, encodeMessage, enumeration, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface NotifyMessage {
  id: number
  receipt: Uint8Array
  progress?: Progress
  closed?: Closed
}

export namespace NotifyMessage {
  let _codec: Codec<NotifyMessage>

  export const codec = (): Codec<NotifyMessage> => {
    if (_codec == null) {
      _codec = message<NotifyMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id !== 0)) {
          w.uint32(8)
          w.uint32(obj.id)
        }

        if ((obj.receipt != null && obj.receipt.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.receipt)
        }

        if (obj.progress != null) {
          w.uint32(26)
          Progress.codec().encode(obj.progress, w)
        }

        if (obj.closed != null) {
          w.uint32(34)
          Closed.codec().encode(obj.closed, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: 0,
          receipt: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.id = reader.uint32()
              break
            }
            case 2: {
              obj.receipt = reader.bytes()
              break
            }
            case 3: {
              obj.progress = Progress.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.progress
              })
              break
            }
            case 4: {
              obj.closed = Closed.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.closed
              })
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
                field: `${prefix}.id`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.receipt`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield * Progress.codec().stream(reader, reader.uint32(), `${prefix}.progress`, {
                limits: opts.limits?.progress
              })

              break
            }
            case 4: {
              yield * Closed.codec().stream(reader, reader.uint32(), `${prefix}.closed`, {
                limits: opts.limits?.closed
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

  export interface NotifyMessageIdFieldEvent {
    field: '$.id'
    value: number
  }

  export interface NotifyMessageReceiptFieldEvent {
    field: '$.receipt'
    value: Uint8Array
  }

  export interface NotifyMessageProgressPeerFieldEvent {
    field: '$.progress.peer'
    value: string
  }

  export interface NotifyMessageProgressJobFieldEvent {
    field: '$.progress.job'
    value: string
  }

  export interface NotifyMessageProgressSeqFieldEvent {
    field: '$.progress.seq'
    value: number
  }

  export interface NotifyMessageProgressBytesFieldEvent {
    field: '$.progress.bytes'
    value: number
  }

  export interface NotifyMessageProgressSourceFieldEvent {
    field: '$.progress.source'
    value: string
  }

  export interface NotifyMessageProgressSwitchesFieldEvent {
    field: '$.progress.switches'
    value: number
  }

  export interface NotifyMessageClosedReportFieldEvent {
    field: '$.closed.report'
    value: Uint8Array
  }

  export interface NotifyMessageClosedJobFieldEvent {
    field: '$.closed.job'
    value: Uint8Array
  }

  export interface NotifyMessageClosedReceiptsFieldEvent {
    field: '$.closed.receipts[]'
    index: number
    value: Uint8Array
  }

  export function encode (obj: Partial<NotifyMessage>): Uint8Array {
    return encodeMessage(obj, NotifyMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NotifyMessage>): NotifyMessage {
    return decodeMessage(buf, NotifyMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NotifyMessage>): Generator<NotifyMessageIdFieldEvent | NotifyMessageReceiptFieldEvent | NotifyMessageProgressPeerFieldEvent | NotifyMessageProgressJobFieldEvent | NotifyMessageProgressSeqFieldEvent | NotifyMessageProgressBytesFieldEvent | NotifyMessageProgressSourceFieldEvent | NotifyMessageProgressSwitchesFieldEvent | NotifyMessageClosedReportFieldEvent | NotifyMessageClosedJobFieldEvent | NotifyMessageClosedReceiptsFieldEvent> {
    return streamMessage(buf, NotifyMessage.codec(), opts)
  }
}

export interface NotifyAck {
  id: number
  refused: string
  known: Uint8Array[]
}

export namespace NotifyAck {
  let _codec: Codec<NotifyAck>

  export const codec = (): Codec<NotifyAck> => {
    if (_codec == null) {
      _codec = message<NotifyAck>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id !== 0)) {
          w.uint32(8)
          w.uint32(obj.id)
        }

        if ((obj.refused != null && obj.refused !== '')) {
          w.uint32(18)
          w.string(obj.refused)
        }

        if (obj.known != null && obj.known.length > 0) {
          for (const value of obj.known) {
            w.uint32(26)
            w.bytes(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: 0,
          refused: '',
          known: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.id = reader.uint32()
              break
            }
            case 2: {
              obj.refused = reader.string()
              break
            }
            case 3: {
              if (opts.limits?.known != null && obj.known.length === opts.limits.known) {
                throw new MaxLengthError('Decode error - repeated field "known" had too many elements')
              }

              obj.known.push(reader.bytes())
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
          known: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.id`,
                value: reader.uint32()
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
              if (opts.limits?.known != null && obj.known === opts.limits.known) {
                throw new MaxLengthError('Streaming decode error - repeated field "known" had too many elements')
              }

              yield {
                field: `${prefix}.known[]`,
                index: obj.known,
                value: reader.bytes()
              }

              obj.known++

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

  export interface NotifyAckIdFieldEvent {
    field: '$.id'
    value: number
  }

  export interface NotifyAckRefusedFieldEvent {
    field: '$.refused'
    value: string
  }

  export interface NotifyAckKnownFieldEvent {
    field: '$.known[]'
    index: number
    value: Uint8Array
  }

  export function encode (obj: Partial<NotifyAck>): Uint8Array {
    return encodeMessage(obj, NotifyAck.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NotifyAck>): NotifyAck {
    return decodeMessage(buf, NotifyAck.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NotifyAck>): Generator<NotifyAckIdFieldEvent | NotifyAckRefusedFieldEvent | NotifyAckKnownFieldEvent> {
    return streamMessage(buf, NotifyAck.codec(), opts)
  }
}

export interface SessionRequest {
  open?: Uint8Array
  attach?: string
  query?: Query
  cancel?: Cancellation
}

export namespace SessionRequest {
  let _codec: Codec<SessionRequest>

  export const codec = (): Codec<SessionRequest> => {
    if (_codec == null) {
      _codec = message<SessionRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.cancel != null) {
          obj.query = undefined
          obj.attach = undefined
          obj.open = undefined
        }

        if (obj.query != null) {
          obj.cancel = undefined
          obj.attach = undefined
          obj.open = undefined
        }

        if (obj.attach != null) {
          obj.cancel = undefined
          obj.query = undefined
          obj.open = undefined
        }

        if (obj.open != null) {
          obj.cancel = undefined
          obj.query = undefined
          obj.attach = undefined
        }

        if (obj.open != null) {
          w.uint32(10)
          w.bytes(obj.open)
        }

        if (obj.attach != null) {
          w.uint32(18)
          w.string(obj.attach)
        }

        if (obj.query != null) {
          w.uint32(26)
          Query.codec().encode(obj.query, w)
        }

        if (obj.cancel != null) {
          w.uint32(34)
          Cancellation.codec().encode(obj.cancel, w)
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
              obj.open = reader.bytes()
              break
            }
            case 2: {
              obj.attach = reader.string()
              break
            }
            case 3: {
              obj.query = Query.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.query
              })
              break
            }
            case 4: {
              obj.cancel = Cancellation.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.cancel
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.cancel != null) {
          delete obj.query
          delete obj.attach
          delete obj.open
        }

        if (obj.query != null) {
          delete obj.cancel
          delete obj.attach
          delete obj.open
        }

        if (obj.attach != null) {
          delete obj.cancel
          delete obj.query
          delete obj.open
        }

        if (obj.open != null) {
          delete obj.cancel
          delete obj.query
          delete obj.attach
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.open`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.attach`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield * Query.codec().stream(reader, reader.uint32(), `${prefix}.query`, {
                limits: opts.limits?.query
              })

              break
            }
            case 4: {
              yield * Cancellation.codec().stream(reader, reader.uint32(), `${prefix}.cancel`, {
                limits: opts.limits?.cancel
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

  export interface SessionRequestOpenFieldEvent {
    field: '$.open'
    value: Uint8Array
  }

  export interface SessionRequestAttachFieldEvent {
    field: '$.attach'
    value: string
  }

  export interface SessionRequestQueryKindFieldEvent {
    field: '$.query.kind'
    value: QueryKind
  }

  export interface SessionRequestQueryJobFieldEvent {
    field: '$.query.job'
    value: string
  }

  export interface SessionRequestCancelJobFieldEvent {
    field: '$.cancel.job'
    value: string
  }

  export interface SessionRequestCancelReasonFieldEvent {
    field: '$.cancel.reason'
    value: string
  }

  export function encode (obj: Partial<SessionRequest>): Uint8Array {
    return encodeMessage(obj, SessionRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionRequest>): SessionRequest {
    return decodeMessage(buf, SessionRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionRequest>): Generator<SessionRequestOpenFieldEvent | SessionRequestAttachFieldEvent | SessionRequestQueryKindFieldEvent | SessionRequestQueryJobFieldEvent | SessionRequestCancelJobFieldEvent | SessionRequestCancelReasonFieldEvent> {
    return streamMessage(buf, SessionRequest.codec(), opts)
  }
}

export interface Cancellation {
  job: string
  reason: string
}

export namespace Cancellation {
  let _codec: Codec<Cancellation>

  export const codec = (): Codec<Cancellation> => {
    if (_codec == null) {
      _codec = message<Cancellation>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(18)
          w.string(obj.reason)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: '',
          reason: ''
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
              obj.reason = reader.string()
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
                field: `${prefix}.reason`,
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

  export interface CancellationJobFieldEvent {
    field: '$.job'
    value: string
  }

  export interface CancellationReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<Cancellation>): Uint8Array {
    return encodeMessage(obj, Cancellation.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Cancellation>): Cancellation {
    return decodeMessage(buf, Cancellation.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Cancellation>): Generator<CancellationJobFieldEvent | CancellationReasonFieldEvent> {
    return streamMessage(buf, Cancellation.codec(), opts)
  }
}

export interface Query {
  kind: QueryKind
  job: string
}

export namespace Query {
  let _codec: Codec<Query>

  export const codec = (): Codec<Query> => {
    if (_codec == null) {
      _codec = message<Query>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.kind != null && __QueryKindValues[obj.kind] !== 0) {
          w.uint32(8)
          QueryKind.codec().encode(obj.kind, w)
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(18)
          w.string(obj.job)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          kind: QueryKind.JOBS,
          job: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.kind = QueryKind.codec().decode(reader)
              break
            }
            case 2: {
              obj.job = reader.string()
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
                field: `${prefix}.kind`,
                value: QueryKind.codec().decode(reader)
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.job`,
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

  export interface QueryKindFieldEvent {
    field: '$.kind'
    value: QueryKind
  }

  export interface QueryJobFieldEvent {
    field: '$.job'
    value: string
  }

  export function encode (obj: Partial<Query>): Uint8Array {
    return encodeMessage(obj, Query.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Query>): Query {
    return decodeMessage(buf, Query.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Query>): Generator<QueryKindFieldEvent | QueryJobFieldEvent> {
    return streamMessage(buf, Query.codec(), opts)
  }
}

export enum QueryKind {
  JOBS = 'JOBS',
  JOB = 'JOB',
  NODES = 'NODES',
  RECEIPTS = 'RECEIPTS',
  INVITE = 'INVITE'
}

enum __QueryKindValues {
  JOBS = 0,
  JOB = 1,
  NODES = 2,
  RECEIPTS = 3,
  INVITE = 4
}

export namespace QueryKind {
  export const codec = (): Codec<QueryKind> => {
    return enumeration<QueryKind>(__QueryKindValues)
  }
}

export interface SessionEvent {
  opened?: Opened
  denied?: string
  notice?: Notice
  closed?: Closed
  answer?: Answer
}

export namespace SessionEvent {
  let _codec: Codec<SessionEvent>

  export const codec = (): Codec<SessionEvent> => {
    if (_codec == null) {
      _codec = message<SessionEvent>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.answer != null) {
          obj.closed = undefined
          obj.notice = undefined
          obj.denied = undefined
          obj.opened = undefined
        }

        if (obj.closed != null) {
          obj.answer = undefined
          obj.notice = undefined
          obj.denied = undefined
          obj.opened = undefined
        }

        if (obj.notice != null) {
          obj.answer = undefined
          obj.closed = undefined
          obj.denied = undefined
          obj.opened = undefined
        }

        if (obj.denied != null) {
          obj.answer = undefined
          obj.closed = undefined
          obj.notice = undefined
          obj.opened = undefined
        }

        if (obj.opened != null) {
          obj.answer = undefined
          obj.closed = undefined
          obj.notice = undefined
          obj.denied = undefined
        }

        if (obj.opened != null) {
          w.uint32(10)
          Opened.codec().encode(obj.opened, w)
        }

        if (obj.denied != null) {
          w.uint32(18)
          w.string(obj.denied)
        }

        if (obj.notice != null) {
          w.uint32(26)
          Notice.codec().encode(obj.notice, w)
        }

        if (obj.closed != null) {
          w.uint32(34)
          Closed.codec().encode(obj.closed, w)
        }

        if (obj.answer != null) {
          w.uint32(42)
          Answer.codec().encode(obj.answer, w)
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
              obj.opened = Opened.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.opened
              })
              break
            }
            case 2: {
              obj.denied = reader.string()
              break
            }
            case 3: {
              obj.notice = Notice.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.notice
              })
              break
            }
            case 4: {
              obj.closed = Closed.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.closed
              })
              break
            }
            case 5: {
              obj.answer = Answer.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.answer
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.answer != null) {
          delete obj.closed
          delete obj.notice
          delete obj.denied
          delete obj.opened
        }

        if (obj.closed != null) {
          delete obj.answer
          delete obj.notice
          delete obj.denied
          delete obj.opened
        }

        if (obj.notice != null) {
          delete obj.answer
          delete obj.closed
          delete obj.denied
          delete obj.opened
        }

        if (obj.denied != null) {
          delete obj.answer
          delete obj.closed
          delete obj.notice
          delete obj.opened
        }

        if (obj.opened != null) {
          delete obj.answer
          delete obj.closed
          delete obj.notice
          delete obj.denied
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * Opened.codec().stream(reader, reader.uint32(), `${prefix}.opened`, {
                limits: opts.limits?.opened
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.denied`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield * Notice.codec().stream(reader, reader.uint32(), `${prefix}.notice`, {
                limits: opts.limits?.notice
              })

              break
            }
            case 4: {
              yield * Closed.codec().stream(reader, reader.uint32(), `${prefix}.closed`, {
                limits: opts.limits?.closed
              })

              break
            }
            case 5: {
              yield * Answer.codec().stream(reader, reader.uint32(), `${prefix}.answer`, {
                limits: opts.limits?.answer
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

  export interface SessionEventOpenedJobFieldEvent {
    field: '$.opened.job'
    value: Uint8Array
  }

  export interface SessionEventOpenedHeadFieldEvent {
    field: '$.opened.head'
    value: number
  }

  export interface SessionEventOpenedHeadHashFieldEvent {
    field: '$.opened.headHash'
    value: Uint8Array
  }

  export interface SessionEventDeniedFieldEvent {
    field: '$.denied'
    value: string
  }

  export interface SessionEventNoticeReceiptFieldEvent {
    field: '$.notice.receipt'
    value: Uint8Array
  }

  export interface SessionEventNoticeProgressPeerFieldEvent {
    field: '$.notice.progress.peer'
    value: string
  }

  export interface SessionEventNoticeProgressJobFieldEvent {
    field: '$.notice.progress.job'
    value: string
  }

  export interface SessionEventNoticeProgressSeqFieldEvent {
    field: '$.notice.progress.seq'
    value: number
  }

  export interface SessionEventNoticeProgressBytesFieldEvent {
    field: '$.notice.progress.bytes'
    value: number
  }

  export interface SessionEventNoticeProgressSourceFieldEvent {
    field: '$.notice.progress.source'
    value: string
  }

  export interface SessionEventNoticeProgressSwitchesFieldEvent {
    field: '$.notice.progress.switches'
    value: number
  }

  export interface SessionEventNoticeSituationPeerFieldEvent {
    field: '$.notice.situation.peer'
    value: string
  }

  export interface SessionEventNoticeSituationReasonFieldEvent {
    field: '$.notice.situation.reason'
    value: string
  }

  export interface SessionEventNoticeSituationExpectedWaitMsFieldEvent {
    field: '$.notice.situation.expectedWaitMs'
    value: number
  }

  export interface SessionEventNoticeSituationBecauseFieldEvent {
    field: '$.notice.situation.because'
    value: string
  }

  export interface SessionEventClosedReportFieldEvent {
    field: '$.closed.report'
    value: Uint8Array
  }

  export interface SessionEventClosedJobFieldEvent {
    field: '$.closed.job'
    value: Uint8Array
  }

  export interface SessionEventClosedReceiptsFieldEvent {
    field: '$.closed.receipts[]'
    index: number
    value: Uint8Array
  }

  export interface SessionEventAnswerJsonFieldEvent {
    field: '$.answer.json'
    value: Uint8Array
  }

  export interface SessionEventAnswerLastFieldEvent {
    field: '$.answer.last'
    value: boolean
  }

  export interface SessionEventAnswerRefusedFieldEvent {
    field: '$.answer.refused'
    value: string
  }

  export function encode (obj: Partial<SessionEvent>): Uint8Array {
    return encodeMessage(obj, SessionEvent.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionEvent>): SessionEvent {
    return decodeMessage(buf, SessionEvent.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionEvent>): Generator<SessionEventOpenedJobFieldEvent | SessionEventOpenedHeadFieldEvent | SessionEventOpenedHeadHashFieldEvent | SessionEventDeniedFieldEvent | SessionEventNoticeReceiptFieldEvent | SessionEventNoticeProgressPeerFieldEvent | SessionEventNoticeProgressJobFieldEvent | SessionEventNoticeProgressSeqFieldEvent | SessionEventNoticeProgressBytesFieldEvent | SessionEventNoticeProgressSourceFieldEvent | SessionEventNoticeProgressSwitchesFieldEvent | SessionEventNoticeSituationPeerFieldEvent | SessionEventNoticeSituationReasonFieldEvent | SessionEventNoticeSituationExpectedWaitMsFieldEvent | SessionEventNoticeSituationBecauseFieldEvent | SessionEventClosedReportFieldEvent | SessionEventClosedJobFieldEvent | SessionEventClosedReceiptsFieldEvent | SessionEventAnswerJsonFieldEvent | SessionEventAnswerLastFieldEvent | SessionEventAnswerRefusedFieldEvent> {
    return streamMessage(buf, SessionEvent.codec(), opts)
  }
}

export interface Opened {
  job: Uint8Array
  head: number
  headHash: Uint8Array
}

export namespace Opened {
  let _codec: Codec<Opened>

  export const codec = (): Codec<Opened> => {
    if (_codec == null) {
      _codec = message<Opened>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.job)
        }

        if ((obj.head != null && obj.head !== 0)) {
          w.uint32(16)
          w.uint32(obj.head)
        }

        if ((obj.headHash != null && obj.headHash.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.headHash)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: uint8ArrayAlloc(0),
          head: 0,
          headHash: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.job = reader.bytes()
              break
            }
            case 2: {
              obj.head = reader.uint32()
              break
            }
            case 3: {
              obj.headHash = reader.bytes()
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
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.head`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.headHash`,
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

  export interface OpenedJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface OpenedHeadFieldEvent {
    field: '$.head'
    value: number
  }

  export interface OpenedHeadHashFieldEvent {
    field: '$.headHash'
    value: Uint8Array
  }

  export function encode (obj: Partial<Opened>): Uint8Array {
    return encodeMessage(obj, Opened.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Opened>): Opened {
    return decodeMessage(buf, Opened.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Opened>): Generator<OpenedJobFieldEvent | OpenedHeadFieldEvent | OpenedHeadHashFieldEvent> {
    return streamMessage(buf, Opened.codec(), opts)
  }
}

export interface Notice {
  receipt: Uint8Array
  progress?: Progress
  situation?: Situation
}

export namespace Notice {
  let _codec: Codec<Notice>

  export const codec = (): Codec<Notice> => {
    if (_codec == null) {
      _codec = message<Notice>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.receipt != null && obj.receipt.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.receipt)
        }

        if (obj.progress != null) {
          w.uint32(18)
          Progress.codec().encode(obj.progress, w)
        }

        if (obj.situation != null) {
          w.uint32(26)
          Situation.codec().encode(obj.situation, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          receipt: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.receipt = reader.bytes()
              break
            }
            case 2: {
              obj.progress = Progress.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.progress
              })
              break
            }
            case 3: {
              obj.situation = Situation.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.situation
              })
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
                field: `${prefix}.receipt`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield * Progress.codec().stream(reader, reader.uint32(), `${prefix}.progress`, {
                limits: opts.limits?.progress
              })

              break
            }
            case 3: {
              yield * Situation.codec().stream(reader, reader.uint32(), `${prefix}.situation`, {
                limits: opts.limits?.situation
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

  export interface NoticeReceiptFieldEvent {
    field: '$.receipt'
    value: Uint8Array
  }

  export interface NoticeProgressPeerFieldEvent {
    field: '$.progress.peer'
    value: string
  }

  export interface NoticeProgressJobFieldEvent {
    field: '$.progress.job'
    value: string
  }

  export interface NoticeProgressSeqFieldEvent {
    field: '$.progress.seq'
    value: number
  }

  export interface NoticeProgressBytesFieldEvent {
    field: '$.progress.bytes'
    value: number
  }

  export interface NoticeProgressSourceFieldEvent {
    field: '$.progress.source'
    value: string
  }

  export interface NoticeProgressSwitchesFieldEvent {
    field: '$.progress.switches'
    value: number
  }

  export interface NoticeSituationPeerFieldEvent {
    field: '$.situation.peer'
    value: string
  }

  export interface NoticeSituationReasonFieldEvent {
    field: '$.situation.reason'
    value: string
  }

  export interface NoticeSituationExpectedWaitMsFieldEvent {
    field: '$.situation.expectedWaitMs'
    value: number
  }

  export interface NoticeSituationBecauseFieldEvent {
    field: '$.situation.because'
    value: string
  }

  export function encode (obj: Partial<Notice>): Uint8Array {
    return encodeMessage(obj, Notice.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Notice>): Notice {
    return decodeMessage(buf, Notice.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Notice>): Generator<NoticeReceiptFieldEvent | NoticeProgressPeerFieldEvent | NoticeProgressJobFieldEvent | NoticeProgressSeqFieldEvent | NoticeProgressBytesFieldEvent | NoticeProgressSourceFieldEvent | NoticeProgressSwitchesFieldEvent | NoticeSituationPeerFieldEvent | NoticeSituationReasonFieldEvent | NoticeSituationExpectedWaitMsFieldEvent | NoticeSituationBecauseFieldEvent> {
    return streamMessage(buf, Notice.codec(), opts)
  }
}

export interface Situation {
  peer: string
  reason: string
  expectedWaitMs: number
  because: string
}

export namespace Situation {
  let _codec: Codec<Situation>

  export const codec = (): Codec<Situation> => {
    if (_codec == null) {
      _codec = message<Situation>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(18)
          w.string(obj.reason)
        }

        if ((obj.expectedWaitMs != null && obj.expectedWaitMs !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.expectedWaitMs)
        }

        if ((obj.because != null && obj.because !== '')) {
          w.uint32(34)
          w.string(obj.because)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          reason: '',
          expectedWaitMs: 0,
          because: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.peer = reader.string()
              break
            }
            case 2: {
              obj.reason = reader.string()
              break
            }
            case 3: {
              obj.expectedWaitMs = reader.uint64Number()
              break
            }
            case 4: {
              obj.because = reader.string()
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
                field: `${prefix}.peer`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.reason`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.expectedWaitMs`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.because`,
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

  export interface SituationPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface SituationReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export interface SituationExpectedWaitMsFieldEvent {
    field: '$.expectedWaitMs'
    value: number
  }

  export interface SituationBecauseFieldEvent {
    field: '$.because'
    value: string
  }

  export function encode (obj: Partial<Situation>): Uint8Array {
    return encodeMessage(obj, Situation.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Situation>): Situation {
    return decodeMessage(buf, Situation.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Situation>): Generator<SituationPeerFieldEvent | SituationReasonFieldEvent | SituationExpectedWaitMsFieldEvent | SituationBecauseFieldEvent> {
    return streamMessage(buf, Situation.codec(), opts)
  }
}

export interface Progress {
  peer: string
  job: string
  seq: number
  bytes: number
  source: string
  switches: number
}

export namespace Progress {
  let _codec: Codec<Progress>

  export const codec = (): Codec<Progress> => {
    if (_codec == null) {
      _codec = message<Progress>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(18)
          w.string(obj.job)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(24)
          w.uint32(obj.seq)
        }

        if ((obj.bytes != null && obj.bytes !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.bytes)
        }

        if ((obj.source != null && obj.source !== '')) {
          w.uint32(42)
          w.string(obj.source)
        }

        if ((obj.switches != null && obj.switches !== 0)) {
          w.uint32(48)
          w.uint32(obj.switches)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          job: '',
          seq: 0,
          bytes: 0,
          source: '',
          switches: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.peer = reader.string()
              break
            }
            case 2: {
              obj.job = reader.string()
              break
            }
            case 3: {
              obj.seq = reader.uint32()
              break
            }
            case 4: {
              obj.bytes = reader.uint64Number()
              break
            }
            case 5: {
              obj.source = reader.string()
              break
            }
            case 6: {
              obj.switches = reader.uint32()
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
                field: `${prefix}.peer`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.job`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.bytes`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.source`,
                value: reader.string()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.switches`,
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

  export interface ProgressPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface ProgressJobFieldEvent {
    field: '$.job'
    value: string
  }

  export interface ProgressSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface ProgressBytesFieldEvent {
    field: '$.bytes'
    value: number
  }

  export interface ProgressSourceFieldEvent {
    field: '$.source'
    value: string
  }

  export interface ProgressSwitchesFieldEvent {
    field: '$.switches'
    value: number
  }

  export function encode (obj: Partial<Progress>): Uint8Array {
    return encodeMessage(obj, Progress.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Progress>): Progress {
    return decodeMessage(buf, Progress.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Progress>): Generator<ProgressPeerFieldEvent | ProgressJobFieldEvent | ProgressSeqFieldEvent | ProgressBytesFieldEvent | ProgressSourceFieldEvent | ProgressSwitchesFieldEvent> {
    return streamMessage(buf, Progress.codec(), opts)
  }
}

export interface Closed {
  report: Uint8Array
  job: Uint8Array
  receipts: Uint8Array[]
}

export namespace Closed {
  let _codec: Codec<Closed>

  export const codec = (): Codec<Closed> => {
    if (_codec == null) {
      _codec = message<Closed>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.report != null && obj.report.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.report)
        }

        if ((obj.job != null && obj.job.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.job)
        }

        if (obj.receipts != null && obj.receipts.length > 0) {
          for (const value of obj.receipts) {
            w.uint32(26)
            w.bytes(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          report: uint8ArrayAlloc(0),
          job: uint8ArrayAlloc(0),
          receipts: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.report = reader.bytes()
              break
            }
            case 2: {
              obj.job = reader.bytes()
              break
            }
            case 3: {
              if (opts.limits?.receipts != null && obj.receipts.length === opts.limits.receipts) {
                throw new MaxLengthError('Decode error - repeated field "receipts" had too many elements')
              }

              obj.receipts.push(reader.bytes())
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
          receipts: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.report`,
                value: reader.bytes()
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
              if (opts.limits?.receipts != null && obj.receipts === opts.limits.receipts) {
                throw new MaxLengthError('Streaming decode error - repeated field "receipts" had too many elements')
              }

              yield {
                field: `${prefix}.receipts[]`,
                index: obj.receipts,
                value: reader.bytes()
              }

              obj.receipts++

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

  export interface ClosedReportFieldEvent {
    field: '$.report'
    value: Uint8Array
  }

  export interface ClosedJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface ClosedReceiptsFieldEvent {
    field: '$.receipts[]'
    index: number
    value: Uint8Array
  }

  export function encode (obj: Partial<Closed>): Uint8Array {
    return encodeMessage(obj, Closed.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Closed>): Closed {
    return decodeMessage(buf, Closed.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Closed>): Generator<ClosedReportFieldEvent | ClosedJobFieldEvent | ClosedReceiptsFieldEvent> {
    return streamMessage(buf, Closed.codec(), opts)
  }
}

export interface Answer {
  json: Uint8Array
  last: boolean
  refused: string
}

export namespace Answer {
  let _codec: Codec<Answer>

  export const codec = (): Codec<Answer> => {
    if (_codec == null) {
      _codec = message<Answer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.json != null && obj.json.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.json)
        }

        if ((obj.last != null && obj.last !== false)) {
          w.uint32(16)
          w.bool(obj.last)
        }

        if ((obj.refused != null && obj.refused !== '')) {
          w.uint32(26)
          w.string(obj.refused)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          json: uint8ArrayAlloc(0),
          last: false,
          refused: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.json = reader.bytes()
              break
            }
            case 2: {
              obj.last = reader.bool()
              break
            }
            case 3: {
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
                field: `${prefix}.json`,
                value: reader.bytes()
              }
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

  export interface AnswerJsonFieldEvent {
    field: '$.json'
    value: Uint8Array
  }

  export interface AnswerLastFieldEvent {
    field: '$.last'
    value: boolean
  }

  export interface AnswerRefusedFieldEvent {
    field: '$.refused'
    value: string
  }

  export function encode (obj: Partial<Answer>): Uint8Array {
    return encodeMessage(obj, Answer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Answer {
    return decodeMessage(buf, Answer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Generator<AnswerJsonFieldEvent | AnswerLastFieldEvent | AnswerRefusedFieldEvent> {
    return streamMessage(buf, Answer.codec(), opts)
  }
}
