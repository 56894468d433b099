import { decodeMessage, encodeMessage, enumeration, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface StatusRequest {
  job?: Uint8Array
  repair?: Uint8Array
  closed?: Uint8Array
}

export namespace StatusRequest {
  let _codec: Codec<StatusRequest>

  export const codec = (): Codec<StatusRequest> => {
    if (_codec == null) {
      _codec = message<StatusRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.closed != null) {
          obj.repair = undefined
          obj.job = undefined
        }

        if (obj.repair != null) {
          obj.closed = undefined
          obj.job = undefined
        }

        if (obj.job != null) {
          obj.closed = undefined
          obj.repair = undefined
        }

        if (obj.job != null) {
          w.uint32(10)
          w.bytes(obj.job)
        }

        if (obj.repair != null) {
          w.uint32(18)
          w.bytes(obj.repair)
        }

        if (obj.closed != null) {
          w.uint32(34)
          w.bytes(obj.closed)
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
              obj.job = reader.bytes()
              break
            }
            case 2: {
              obj.repair = reader.bytes()
              break
            }
            case 4: {
              obj.closed = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.closed != null) {
          delete obj.repair
          delete obj.job
        }

        if (obj.repair != null) {
          delete obj.closed
          delete obj.job
        }

        if (obj.job != null) {
          delete obj.closed
          delete obj.repair
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
                field: `${prefix}.repair`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.closed`,
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

  export interface StatusRequestJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface StatusRequestRepairFieldEvent {
    field: '$.repair'
    value: Uint8Array
  }

  export interface StatusRequestClosedFieldEvent {
    field: '$.closed'
    value: Uint8Array
  }

  export function encode (obj: Partial<StatusRequest>): Uint8Array {
    return encodeMessage(obj, StatusRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StatusRequest>): StatusRequest {
    return decodeMessage(buf, StatusRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StatusRequest>): Generator<StatusRequestJobFieldEvent | StatusRequestRepairFieldEvent | StatusRequestClosedFieldEvent> {
    return streamMessage(buf, StatusRequest.codec(), opts)
  }
}

export interface StatusReply {
  known: boolean
  head: number
  commands: CommandStatus[]
  refused: string
  outcome?: Uint8Array
  handover?: number
  trouble?: string
}

export namespace StatusReply {
  let _codec: Codec<StatusReply>

  export const codec = (): Codec<StatusReply> => {
    if (_codec == null) {
      _codec = message<StatusReply>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.known != null && obj.known !== false)) {
          w.uint32(8)
          w.bool(obj.known)
        }

        if ((obj.head != null && obj.head !== 0)) {
          w.uint32(16)
          w.uint32(obj.head)
        }

        if (obj.commands != null && obj.commands.length > 0) {
          for (const value of obj.commands) {
            w.uint32(26)
            CommandStatus.codec().encode(value, w)
          }
        }

        if ((obj.refused != null && obj.refused !== '')) {
          w.uint32(34)
          w.string(obj.refused)
        }

        if (obj.outcome != null) {
          w.uint32(42)
          w.bytes(obj.outcome)
        }

        if (obj.handover != null) {
          w.uint32(56)
          w.uint32(obj.handover)
        }

        if (obj.trouble != null) {
          w.uint32(50)
          w.string(obj.trouble)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          known: false,
          head: 0,
          commands: [],
          refused: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.known = reader.bool()
              break
            }
            case 2: {
              obj.head = reader.uint32()
              break
            }
            case 3: {
              if (opts.limits?.commands != null && obj.commands.length === opts.limits.commands) {
                throw new MaxLengthError('Decode error - repeated field "commands" had too many elements')
              }

              obj.commands.push(CommandStatus.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.commands$
              }))
              break
            }
            case 4: {
              obj.refused = reader.string()
              break
            }
            case 5: {
              obj.outcome = reader.bytes()
              break
            }
            case 7: {
              obj.handover = reader.uint32()
              break
            }
            case 6: {
              obj.trouble = reader.string()
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
          commands: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.known`,
                value: reader.bool()
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
              if (opts.limits?.commands != null && obj.commands === opts.limits.commands) {
                throw new MaxLengthError('Streaming decode error - repeated field "commands" had too many elements')
              }

              for (const evt of CommandStatus.codec().stream(reader, reader.uint32(), `${prefix}.commands[]`, {
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
              yield {
                field: `${prefix}.refused`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.outcome`,
                value: reader.bytes()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.handover`,
                value: reader.uint32()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.trouble`,
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

  export interface StatusReplyKnownFieldEvent {
    field: '$.known'
    value: boolean
  }

  export interface StatusReplyHeadFieldEvent {
    field: '$.head'
    value: number
  }

  export interface StatusReplyCommandsSeqFieldEvent {
    field: '$.commands[].seq'
    value: number
    index: number
  }

  export interface StatusReplyCommandsStateFieldEvent {
    field: '$.commands[].state'
    value: CommandState
    index: number
  }

  export interface StatusReplyCommandsBytesFieldEvent {
    field: '$.commands[].bytes'
    value: number
    index: number
  }

  export interface StatusReplyCommandsReasonFieldEvent {
    field: '$.commands[].reason'
    value: string
    index: number
  }

  export interface StatusReplyRefusedFieldEvent {
    field: '$.refused'
    value: string
  }

  export interface StatusReplyOutcomeFieldEvent {
    field: '$.outcome'
    value: Uint8Array
  }

  export interface StatusReplyHandoverFieldEvent {
    field: '$.handover'
    value: number
  }

  export interface StatusReplyTroubleFieldEvent {
    field: '$.trouble'
    value: string
  }

  export function encode (obj: Partial<StatusReply>): Uint8Array {
    return encodeMessage(obj, StatusReply.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StatusReply>): StatusReply {
    return decodeMessage(buf, StatusReply.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StatusReply>): Generator<StatusReplyKnownFieldEvent | StatusReplyHeadFieldEvent | StatusReplyCommandsSeqFieldEvent | StatusReplyCommandsStateFieldEvent | StatusReplyCommandsBytesFieldEvent | StatusReplyCommandsReasonFieldEvent | StatusReplyRefusedFieldEvent | StatusReplyOutcomeFieldEvent | StatusReplyHandoverFieldEvent | StatusReplyTroubleFieldEvent> {
    return streamMessage(buf, StatusReply.codec(), opts)
  }
}

export interface CommandStatus {
  seq: number
  state: CommandState
  bytes: number
  reason: string
}

export namespace CommandStatus {
  let _codec: Codec<CommandStatus>

  export const codec = (): Codec<CommandStatus> => {
    if (_codec == null) {
      _codec = message<CommandStatus>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(8)
          w.uint32(obj.seq)
        }

        if (obj.state != null && __CommandStateValues[obj.state] !== 0) {
          w.uint32(16)
          CommandState.codec().encode(obj.state, w)
        }

        if ((obj.bytes != null && obj.bytes !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.bytes)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(34)
          w.string(obj.reason)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          seq: 0,
          state: CommandState.NEW,
          bytes: 0,
          reason: ''
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
              obj.state = CommandState.codec().decode(reader)
              break
            }
            case 3: {
              obj.bytes = reader.uint64Number()
              break
            }
            case 4: {
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
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.state`,
                value: CommandState.codec().decode(reader)
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.bytes`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
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

  export interface CommandStatusSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface CommandStatusStateFieldEvent {
    field: '$.state'
    value: CommandState
  }

  export interface CommandStatusBytesFieldEvent {
    field: '$.bytes'
    value: number
  }

  export interface CommandStatusReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<CommandStatus>): Uint8Array {
    return encodeMessage(obj, CommandStatus.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommandStatus>): CommandStatus {
    return decodeMessage(buf, CommandStatus.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CommandStatus>): Generator<CommandStatusSeqFieldEvent | CommandStatusStateFieldEvent | CommandStatusBytesFieldEvent | CommandStatusReasonFieldEvent> {
    return streamMessage(buf, CommandStatus.codec(), opts)
  }
}

export enum CommandState {
  NEW = 'NEW',
  IN_PROGRESS = 'IN_PROGRESS',
  STATE_COMPLETED = 'STATE_COMPLETED',
  STATE_FAILED = 'STATE_FAILED',
  STATE_SUPERSEDED = 'STATE_SUPERSEDED'
}

enum __CommandStateValues {
  NEW = 0,
  IN_PROGRESS = 1,
  STATE_COMPLETED = 2,
  STATE_FAILED = 3,
  STATE_SUPERSEDED = 4
}

export namespace CommandState {
  export const codec = (): Codec<CommandState> => {
    return enumeration<CommandState>(__CommandStateValues)
  }
}
