import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface Hello {
  version: string
  credential: Uint8Array
  token: string
  heads: JobHead[]
  uploadRate: number
  http?: string
}

export namespace Hello {
  let _codec: Codec<Hello>

  export const codec = (): Codec<Hello> => {
    if (_codec == null) {
      _codec = message<Hello>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.version != null && obj.version !== '')) {
          w.uint32(10)
          w.string(obj.version)
        }

        if ((obj.credential != null && obj.credential.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.credential)
        }

        if ((obj.token != null && obj.token !== '')) {
          w.uint32(26)
          w.string(obj.token)
        }

        if (obj.heads != null && obj.heads.length > 0) {
          for (const value of obj.heads) {
            w.uint32(34)
            JobHead.codec().encode(value, w)
          }
        }

        if ((obj.uploadRate != null && obj.uploadRate !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.uploadRate)
        }

        if (obj.http != null) {
          w.uint32(50)
          w.string(obj.http)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          version: '',
          credential: uint8ArrayAlloc(0),
          token: '',
          heads: [],
          uploadRate: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.version = reader.string()
              break
            }
            case 2: {
              obj.credential = reader.bytes()
              break
            }
            case 3: {
              obj.token = reader.string()
              break
            }
            case 4: {
              if (opts.limits?.heads != null && obj.heads.length === opts.limits.heads) {
                throw new MaxLengthError('Decode error - repeated field "heads" had too many elements')
              }

              obj.heads.push(JobHead.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.heads$
              }))
              break
            }
            case 5: {
              obj.uploadRate = reader.uint64Number()
              break
            }
            case 6: {
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
        const obj = {
          heads: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.version`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.credential`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.token`,
                value: reader.string()
              }
              break
            }
            case 4: {
              if (opts.limits?.heads != null && obj.heads === opts.limits.heads) {
                throw new MaxLengthError('Streaming decode error - repeated field "heads" had too many elements')
              }

              for (const evt of JobHead.codec().stream(reader, reader.uint32(), `${prefix}.heads[]`, {
                limits: opts.limits?.heads$
              })) {
                yield {
                  ...evt,
                  index: obj.heads
                }
              }

              obj.heads++

              break
            }
            case 5: {
              yield {
                field: `${prefix}.uploadRate`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
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

  export interface HelloVersionFieldEvent {
    field: '$.version'
    value: string
  }

  export interface HelloCredentialFieldEvent {
    field: '$.credential'
    value: Uint8Array
  }

  export interface HelloTokenFieldEvent {
    field: '$.token'
    value: string
  }

  export interface HelloHeadsJobFieldEvent {
    field: '$.heads[].job'
    value: Uint8Array
    index: number
  }

  export interface HelloHeadsSeqFieldEvent {
    field: '$.heads[].seq'
    value: number
    index: number
  }

  export interface HelloHeadsHeadFieldEvent {
    field: '$.heads[].head'
    value: Uint8Array
    index: number
  }

  export interface HelloUploadRateFieldEvent {
    field: '$.uploadRate'
    value: number
  }

  export interface HelloHttpFieldEvent {
    field: '$.http'
    value: string
  }

  export function encode (obj: Partial<Hello>): Uint8Array {
    return encodeMessage(obj, Hello.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Hello {
    return decodeMessage(buf, Hello.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Generator<HelloVersionFieldEvent | HelloCredentialFieldEvent | HelloTokenFieldEvent | HelloHeadsJobFieldEvent | HelloHeadsSeqFieldEvent | HelloHeadsHeadFieldEvent | HelloUploadRateFieldEvent | HelloHttpFieldEvent> {
    return streamMessage(buf, Hello.codec(), opts)
  }
}

export interface JobHead {
  job: Uint8Array
  seq: number
  head: Uint8Array
}

export namespace JobHead {
  let _codec: Codec<JobHead>

  export const codec = (): Codec<JobHead> => {
    if (_codec == null) {
      _codec = message<JobHead>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.job)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(16)
          w.uint32(obj.seq)
        }

        if ((obj.head != null && obj.head.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.head)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: uint8ArrayAlloc(0),
          seq: 0,
          head: uint8ArrayAlloc(0)
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
              obj.seq = reader.uint32()
              break
            }
            case 3: {
              obj.head = reader.bytes()
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
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.head`,
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

  export interface JobHeadJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface JobHeadSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface JobHeadHeadFieldEvent {
    field: '$.head'
    value: Uint8Array
  }

  export function encode (obj: Partial<JobHead>): Uint8Array {
    return encodeMessage(obj, JobHead.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobHead>): JobHead {
    return decodeMessage(buf, JobHead.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobHead>): Generator<JobHeadJobFieldEvent | JobHeadSeqFieldEvent | JobHeadHeadFieldEvent> {
    return streamMessage(buf, JobHead.codec(), opts)
  }
}

export interface Welcome {
  version: string
  credential: Uint8Array
  roster: Uint8Array
  heads: JobHead[]
  refused: string
}

export namespace Welcome {
  let _codec: Codec<Welcome>

  export const codec = (): Codec<Welcome> => {
    if (_codec == null) {
      _codec = message<Welcome>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.version != null && obj.version !== '')) {
          w.uint32(10)
          w.string(obj.version)
        }

        if ((obj.credential != null && obj.credential.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.credential)
        }

        if ((obj.roster != null && obj.roster.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.roster)
        }

        if (obj.heads != null && obj.heads.length > 0) {
          for (const value of obj.heads) {
            w.uint32(34)
            JobHead.codec().encode(value, w)
          }
        }

        if ((obj.refused != null && obj.refused !== '')) {
          w.uint32(42)
          w.string(obj.refused)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          version: '',
          credential: uint8ArrayAlloc(0),
          roster: uint8ArrayAlloc(0),
          heads: [],
          refused: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.version = reader.string()
              break
            }
            case 2: {
              obj.credential = reader.bytes()
              break
            }
            case 3: {
              obj.roster = reader.bytes()
              break
            }
            case 4: {
              if (opts.limits?.heads != null && obj.heads.length === opts.limits.heads) {
                throw new MaxLengthError('Decode error - repeated field "heads" had too many elements')
              }

              obj.heads.push(JobHead.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.heads$
              }))
              break
            }
            case 5: {
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
        const obj = {
          heads: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.version`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.credential`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.roster`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              if (opts.limits?.heads != null && obj.heads === opts.limits.heads) {
                throw new MaxLengthError('Streaming decode error - repeated field "heads" had too many elements')
              }

              for (const evt of JobHead.codec().stream(reader, reader.uint32(), `${prefix}.heads[]`, {
                limits: opts.limits?.heads$
              })) {
                yield {
                  ...evt,
                  index: obj.heads
                }
              }

              obj.heads++

              break
            }
            case 5: {
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

  export interface WelcomeVersionFieldEvent {
    field: '$.version'
    value: string
  }

  export interface WelcomeCredentialFieldEvent {
    field: '$.credential'
    value: Uint8Array
  }

  export interface WelcomeRosterFieldEvent {
    field: '$.roster'
    value: Uint8Array
  }

  export interface WelcomeHeadsJobFieldEvent {
    field: '$.heads[].job'
    value: Uint8Array
    index: number
  }

  export interface WelcomeHeadsSeqFieldEvent {
    field: '$.heads[].seq'
    value: number
    index: number
  }

  export interface WelcomeHeadsHeadFieldEvent {
    field: '$.heads[].head'
    value: Uint8Array
    index: number
  }

  export interface WelcomeRefusedFieldEvent {
    field: '$.refused'
    value: string
  }

  export function encode (obj: Partial<Welcome>): Uint8Array {
    return encodeMessage(obj, Welcome.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Welcome>): Welcome {
    return decodeMessage(buf, Welcome.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Welcome>): Generator<WelcomeVersionFieldEvent | WelcomeCredentialFieldEvent | WelcomeRosterFieldEvent | WelcomeHeadsJobFieldEvent | WelcomeHeadsSeqFieldEvent | WelcomeHeadsHeadFieldEvent | WelcomeRefusedFieldEvent> {
    return streamMessage(buf, Welcome.codec(), opts)
  }
}
