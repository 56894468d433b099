/* eslint-disable require-yield */

import { decodeMessage, encodeMessage, enumeration, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface JobRequest {
  nonce: Uint8Array
  base: string
  created: number
  targets: string[]
  options?: JobOptions
}

export namespace JobRequest {
  let _codec: Codec<JobRequest>

  export const codec = (): Codec<JobRequest> => {
    if (_codec == null) {
      _codec = message<JobRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.nonce != null && obj.nonce.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.nonce)
        }

        if ((obj.base != null && obj.base !== '')) {
          w.uint32(18)
          w.string(obj.base)
        }

        if ((obj.created != null && obj.created !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.created)
        }

        if (obj.targets != null && obj.targets.length > 0) {
          for (const value of obj.targets) {
            w.uint32(34)
            w.string(value)
          }
        }

        if (obj.options != null) {
          w.uint32(42)
          JobOptions.codec().encode(obj.options, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          nonce: uint8ArrayAlloc(0),
          base: '',
          created: 0,
          targets: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.nonce = reader.bytes()
              break
            }
            case 2: {
              obj.base = reader.string()
              break
            }
            case 3: {
              obj.created = reader.uint64Number()
              break
            }
            case 4: {
              if (opts.limits?.targets != null && obj.targets.length === opts.limits.targets) {
                throw new MaxLengthError('Decode error - repeated field "targets" had too many elements')
              }

              obj.targets.push(reader.string())
              break
            }
            case 5: {
              obj.options = JobOptions.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.options
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
        const obj = {
          targets: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.nonce`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.base`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.created`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              if (opts.limits?.targets != null && obj.targets === opts.limits.targets) {
                throw new MaxLengthError('Streaming decode error - repeated field "targets" had too many elements')
              }

              yield {
                field: `${prefix}.targets[]`,
                index: obj.targets,
                value: reader.string()
              }

              obj.targets++

              break
            }
            case 5: {
              yield * JobOptions.codec().stream(reader, reader.uint32(), `${prefix}.options`, {
                limits: opts.limits?.options
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

  export interface JobRequestNonceFieldEvent {
    field: '$.nonce'
    value: Uint8Array
  }

  export interface JobRequestBaseFieldEvent {
    field: '$.base'
    value: string
  }

  export interface JobRequestCreatedFieldEvent {
    field: '$.created'
    value: number
  }

  export interface JobRequestTargetsFieldEvent {
    field: '$.targets[]'
    index: number
    value: string
  }

  export interface JobRequestOptionsNameFieldEvent {
    field: '$.options.name'
    value: string
  }

  export interface JobRequestOptionsPriorityFieldEvent {
    field: '$.options.priority'
    value: number
  }

  export interface JobRequestOptionsRateCapFieldEvent {
    field: '$.options.rateCap'
    value: number
  }

  export interface JobRequestOptionsDeadlineFieldEvent {
    field: '$.options.deadline'
    value: number
  }

  export interface JobRequestOptionsWaitPeriodMsFieldEvent {
    field: '$.options.waitPeriodMs'
    value: number
  }

  export interface JobRequestOptionsWaitPeriodsFieldEvent {
    field: '$.options.waitPeriods'
    value: number
  }

  export interface JobRequestOptionsQuorumFieldEvent {
    field: '$.options.quorum'
    value: number
  }

  export interface JobRequestOptionsNoticesFieldEvent {
    field: '$.options.notices[]'
    index: number
    value: string
  }

  export interface JobRequestOptionsWebhookFieldEvent {
    field: '$.options.webhook'
    value: string
  }

  export function encode (obj: Partial<JobRequest>): Uint8Array {
    return encodeMessage(obj, JobRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobRequest>): JobRequest {
    return decodeMessage(buf, JobRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobRequest>): Generator<JobRequestNonceFieldEvent | JobRequestBaseFieldEvent | JobRequestCreatedFieldEvent | JobRequestTargetsFieldEvent | JobRequestOptionsNameFieldEvent | JobRequestOptionsPriorityFieldEvent | JobRequestOptionsRateCapFieldEvent | JobRequestOptionsDeadlineFieldEvent | JobRequestOptionsWaitPeriodMsFieldEvent | JobRequestOptionsWaitPeriodsFieldEvent | JobRequestOptionsQuorumFieldEvent | JobRequestOptionsNoticesFieldEvent | JobRequestOptionsWebhookFieldEvent> {
    return streamMessage(buf, JobRequest.codec(), opts)
  }
}

export interface JobOptions {
  name: string
  priority: number
  rateCap: number
  deadline: number
  waitPeriodMs: number
  waitPeriods: number
  quorum: number
  notices: string[]
  webhook?: string
}

export namespace JobOptions {
  let _codec: Codec<JobOptions>

  export const codec = (): Codec<JobOptions> => {
    if (_codec == null) {
      _codec = message<JobOptions>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.name != null && obj.name !== '')) {
          w.uint32(10)
          w.string(obj.name)
        }

        if ((obj.priority != null && obj.priority !== 0)) {
          w.uint32(16)
          w.uint32(obj.priority)
        }

        if ((obj.rateCap != null && obj.rateCap !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.rateCap)
        }

        if ((obj.deadline != null && obj.deadline !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.deadline)
        }

        if ((obj.waitPeriodMs != null && obj.waitPeriodMs !== 0)) {
          w.uint32(40)
          w.uint32(obj.waitPeriodMs)
        }

        if ((obj.waitPeriods != null && obj.waitPeriods !== 0)) {
          w.uint32(48)
          w.uint32(obj.waitPeriods)
        }

        if ((obj.quorum != null && obj.quorum !== 0)) {
          w.uint32(56)
          w.uint32(obj.quorum)
        }

        if (obj.notices != null && obj.notices.length > 0) {
          for (const value of obj.notices) {
            w.uint32(66)
            w.string(value)
          }
        }

        if (obj.webhook != null) {
          w.uint32(74)
          w.string(obj.webhook)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          name: '',
          priority: 0,
          rateCap: 0,
          deadline: 0,
          waitPeriodMs: 0,
          waitPeriods: 0,
          quorum: 0,
          notices: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.name = reader.string()
              break
            }
            case 2: {
              obj.priority = reader.uint32()
              break
            }
            case 3: {
              obj.rateCap = reader.uint64Number()
              break
            }
            case 4: {
              obj.deadline = reader.uint64Number()
              break
            }
            case 5: {
              obj.waitPeriodMs = reader.uint32()
              break
            }
            case 6: {
              obj.waitPeriods = reader.uint32()
              break
            }
            case 7: {
              obj.quorum = reader.uint32()
              break
            }
            case 8: {
              if (opts.limits?.notices != null && obj.notices.length === opts.limits.notices) {
                throw new MaxLengthError('Decode error - repeated field "notices" had too many elements')
              }

              obj.notices.push(reader.string())
              break
            }
            case 9: {
              obj.webhook = reader.string()
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
          notices: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.name`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.priority`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.rateCap`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.deadline`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.waitPeriodMs`,
                value: reader.uint32()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.waitPeriods`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.quorum`,
                value: reader.uint32()
              }
              break
            }
            case 8: {
              if (opts.limits?.notices != null && obj.notices === opts.limits.notices) {
                throw new MaxLengthError('Streaming decode error - repeated field "notices" had too many elements')
              }

              yield {
                field: `${prefix}.notices[]`,
                index: obj.notices,
                value: reader.string()
              }

              obj.notices++

              break
            }
            case 9: {
              yield {
                field: `${prefix}.webhook`,
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

  export interface JobOptionsNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface JobOptionsPriorityFieldEvent {
    field: '$.priority'
    value: number
  }

  export interface JobOptionsRateCapFieldEvent {
    field: '$.rateCap'
    value: number
  }

  export interface JobOptionsDeadlineFieldEvent {
    field: '$.deadline'
    value: number
  }

  export interface JobOptionsWaitPeriodMsFieldEvent {
    field: '$.waitPeriodMs'
    value: number
  }

  export interface JobOptionsWaitPeriodsFieldEvent {
    field: '$.waitPeriods'
    value: number
  }

  export interface JobOptionsQuorumFieldEvent {
    field: '$.quorum'
    value: number
  }

  export interface JobOptionsNoticesFieldEvent {
    field: '$.notices[]'
    index: number
    value: string
  }

  export interface JobOptionsWebhookFieldEvent {
    field: '$.webhook'
    value: string
  }

  export function encode (obj: Partial<JobOptions>): Uint8Array {
    return encodeMessage(obj, JobOptions.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobOptions>): JobOptions {
    return decodeMessage(buf, JobOptions.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobOptions>): Generator<JobOptionsNameFieldEvent | JobOptionsPriorityFieldEvent | JobOptionsRateCapFieldEvent | JobOptionsDeadlineFieldEvent | JobOptionsWaitPeriodMsFieldEvent | JobOptionsWaitPeriodsFieldEvent | JobOptionsQuorumFieldEvent | JobOptionsNoticesFieldEvent | JobOptionsWebhookFieldEvent> {
    return streamMessage(buf, JobOptions.codec(), opts)
  }
}

export interface Job {
  id: string
  epoch: number
  created: number
  expires: number
  base: string
  baseAddresses: string[]
  request: Uint8Array
  servers: Server[]
}

export namespace Job {
  let _codec: Codec<Job>

  export const codec = (): Codec<Job> => {
    if (_codec == null) {
      _codec = message<Job>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id !== '')) {
          w.uint32(10)
          w.string(obj.id)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.epoch)
        }

        if ((obj.created != null && obj.created !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.created)
        }

        if ((obj.expires != null && obj.expires !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.expires)
        }

        if ((obj.base != null && obj.base !== '')) {
          w.uint32(42)
          w.string(obj.base)
        }

        if (obj.baseAddresses != null && obj.baseAddresses.length > 0) {
          for (const value of obj.baseAddresses) {
            w.uint32(50)
            w.string(value)
          }
        }

        if ((obj.request != null && obj.request.byteLength > 0)) {
          w.uint32(58)
          w.bytes(obj.request)
        }

        if (obj.servers != null && obj.servers.length > 0) {
          for (const value of obj.servers) {
            w.uint32(66)
            Server.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: '',
          epoch: 0,
          created: 0,
          expires: 0,
          base: '',
          baseAddresses: [],
          request: uint8ArrayAlloc(0),
          servers: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.id = reader.string()
              break
            }
            case 2: {
              obj.epoch = reader.uint64Number()
              break
            }
            case 3: {
              obj.created = reader.uint64Number()
              break
            }
            case 4: {
              obj.expires = reader.uint64Number()
              break
            }
            case 5: {
              obj.base = reader.string()
              break
            }
            case 6: {
              if (opts.limits?.baseAddresses != null && obj.baseAddresses.length === opts.limits.baseAddresses) {
                throw new MaxLengthError('Decode error - repeated field "baseAddresses" had too many elements')
              }

              obj.baseAddresses.push(reader.string())
              break
            }
            case 7: {
              obj.request = reader.bytes()
              break
            }
            case 8: {
              if (opts.limits?.servers != null && obj.servers.length === opts.limits.servers) {
                throw new MaxLengthError('Decode error - repeated field "servers" had too many elements')
              }

              obj.servers.push(Server.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.servers$
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
          baseAddresses: 0,
          servers: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.id`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.created`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.expires`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.base`,
                value: reader.string()
              }
              break
            }
            case 6: {
              if (opts.limits?.baseAddresses != null && obj.baseAddresses === opts.limits.baseAddresses) {
                throw new MaxLengthError('Streaming decode error - repeated field "baseAddresses" had too many elements')
              }

              yield {
                field: `${prefix}.baseAddresses[]`,
                index: obj.baseAddresses,
                value: reader.string()
              }

              obj.baseAddresses++

              break
            }
            case 7: {
              yield {
                field: `${prefix}.request`,
                value: reader.bytes()
              }
              break
            }
            case 8: {
              if (opts.limits?.servers != null && obj.servers === opts.limits.servers) {
                throw new MaxLengthError('Streaming decode error - repeated field "servers" had too many elements')
              }

              for (const evt of Server.codec().stream(reader, reader.uint32(), `${prefix}.servers[]`, {
                limits: opts.limits?.servers$
              })) {
                yield {
                  ...evt,
                  index: obj.servers
                }
              }

              obj.servers++

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

  export interface JobIdFieldEvent {
    field: '$.id'
    value: string
  }

  export interface JobEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface JobCreatedFieldEvent {
    field: '$.created'
    value: number
  }

  export interface JobExpiresFieldEvent {
    field: '$.expires'
    value: number
  }

  export interface JobBaseFieldEvent {
    field: '$.base'
    value: string
  }

  export interface JobBaseAddressesFieldEvent {
    field: '$.baseAddresses[]'
    index: number
    value: string
  }

  export interface JobRequestFieldEvent {
    field: '$.request'
    value: Uint8Array
  }

  export interface JobServersPeerFieldEvent {
    field: '$.servers[].peer'
    value: string
    index: number
  }

  export interface JobServersUploadRateFieldEvent {
    field: '$.servers[].uploadRate'
    value: number
    index: number
  }

  export function encode (obj: Partial<Job>): Uint8Array {
    return encodeMessage(obj, Job.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Job>): Job {
    return decodeMessage(buf, Job.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Job>): Generator<JobIdFieldEvent | JobEpochFieldEvent | JobCreatedFieldEvent | JobExpiresFieldEvent | JobBaseFieldEvent | JobBaseAddressesFieldEvent | JobRequestFieldEvent | JobServersPeerFieldEvent | JobServersUploadRateFieldEvent> {
    return streamMessage(buf, Job.codec(), opts)
  }
}

export interface Server {
  peer: string
  uploadRate: number
}

export namespace Server {
  let _codec: Codec<Server>

  export const codec = (): Codec<Server> => {
    if (_codec == null) {
      _codec = message<Server>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if ((obj.uploadRate != null && obj.uploadRate !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.uploadRate)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          uploadRate: 0
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
              obj.uploadRate = reader.uint64Number()
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
                field: `${prefix}.uploadRate`,
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

  export interface ServerPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface ServerUploadRateFieldEvent {
    field: '$.uploadRate'
    value: number
  }

  export function encode (obj: Partial<Server>): Uint8Array {
    return encodeMessage(obj, Server.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Server>): Server {
    return decodeMessage(buf, Server.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Server>): Generator<ServerPeerFieldEvent | ServerUploadRateFieldEvent> {
    return streamMessage(buf, Server.codec(), opts)
  }
}

export interface Command {
  job: Uint8Array
  seq: number
  previous: Uint8Array
  track: number
  issued: number
  continueAfterFailure: boolean
  put?: Put
  mkdir?: Mkdir
  setattr?: SetAttributes
  move?: Move
  remove?: Remove
  publish?: Publish
  verify?: Verify
  barrier?: Barrier
  end?: End
  cancel?: Cancel
  close?: Close
}

export namespace Command {
  let _codec: Codec<Command>

  export const codec = (): Codec<Command> => {
    if (_codec == null) {
      _codec = message<Command>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.close != null) {
          obj.cancel = undefined
          obj.end = undefined
          obj.barrier = undefined
          obj.verify = undefined
          obj.publish = undefined
          obj.remove = undefined
          obj.move = undefined
          obj.setattr = undefined
          obj.mkdir = undefined
          obj.put = undefined
        }

        if (obj.cancel != null) {
          obj.close = undefined
          obj.end = undefined
          obj.barrier = undefined
          obj.verify = undefined
          obj.publish = undefined
          obj.remove = undefined
          obj.move = undefined
          obj.setattr = undefined
          obj.mkdir = undefined
          obj.put = undefined
        }

        if (obj.end != null) {
          obj.close = undefined
          obj.cancel = undefined
          obj.barrier = undefined
          obj.verify = undefined
          obj.publish = undefined
          obj.remove = undefined
          obj.move = undefined
          obj.setattr = undefined
          obj.mkdir = undefined
          obj.put = undefined
        }

        if (obj.barrier != null) {
          obj.close = undefined
          obj.cancel = undefined
          obj.end = undefined
          obj.verify = undefined
          obj.publish = undefined
          obj.remove = undefined
          obj.move = undefined
          obj.setattr = undefined
          obj.mkdir = undefined
          obj.put = undefined
        }

        if (obj.verify != null) {
          obj.close = undefined
          obj.cancel = undefined
          obj.end = undefined
          obj.barrier = undefined
          obj.publish = undefined
          obj.remove = undefined
          obj.move = undefined
          obj.setattr = undefined
          obj.mkdir = undefined
          obj.put = undefined
        }

        if (obj.publish != null) {
          obj.close = undefined
          obj.cancel = undefined
          obj.end = undefined
          obj.barrier = undefined
          obj.verify = undefined
          obj.remove = undefined
          obj.move = undefined
          obj.setattr = undefined
          obj.mkdir = undefined
          obj.put = undefined
        }

        if (obj.remove != null) {
          obj.close = undefined
          obj.cancel = undefined
          obj.end = undefined
          obj.barrier = undefined
          obj.verify = undefined
          obj.publish = undefined
          obj.move = undefined
          obj.setattr = undefined
          obj.mkdir = undefined
          obj.put = undefined
        }

        if (obj.move != null) {
          obj.close = undefined
          obj.cancel = undefined
          obj.end = undefined
          obj.barrier = undefined
          obj.verify = undefined
          obj.publish = undefined
          obj.remove = undefined
          obj.setattr = undefined
          obj.mkdir = undefined
          obj.put = undefined
        }

        if (obj.setattr != null) {
          obj.close = undefined
          obj.cancel = undefined
          obj.end = undefined
          obj.barrier = undefined
          obj.verify = undefined
          obj.publish = undefined
          obj.remove = undefined
          obj.move = undefined
          obj.mkdir = undefined
          obj.put = undefined
        }

        if (obj.mkdir != null) {
          obj.close = undefined
          obj.cancel = undefined
          obj.end = undefined
          obj.barrier = undefined
          obj.verify = undefined
          obj.publish = undefined
          obj.remove = undefined
          obj.move = undefined
          obj.setattr = undefined
          obj.put = undefined
        }

        if (obj.put != null) {
          obj.close = undefined
          obj.cancel = undefined
          obj.end = undefined
          obj.barrier = undefined
          obj.verify = undefined
          obj.publish = undefined
          obj.remove = undefined
          obj.move = undefined
          obj.setattr = undefined
          obj.mkdir = undefined
        }

        if ((obj.job != null && obj.job.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.job)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(16)
          w.uint32(obj.seq)
        }

        if ((obj.previous != null && obj.previous.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.previous)
        }

        if ((obj.track != null && obj.track !== 0)) {
          w.uint32(32)
          w.uint32(obj.track)
        }

        if ((obj.issued != null && obj.issued !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.issued)
        }

        if ((obj.continueAfterFailure != null && obj.continueAfterFailure !== false)) {
          w.uint32(48)
          w.bool(obj.continueAfterFailure)
        }

        if (obj.put != null) {
          w.uint32(82)
          Put.codec().encode(obj.put, w)
        }

        if (obj.mkdir != null) {
          w.uint32(90)
          Mkdir.codec().encode(obj.mkdir, w)
        }

        if (obj.setattr != null) {
          w.uint32(98)
          SetAttributes.codec().encode(obj.setattr, w)
        }

        if (obj.move != null) {
          w.uint32(106)
          Move.codec().encode(obj.move, w)
        }

        if (obj.remove != null) {
          w.uint32(114)
          Remove.codec().encode(obj.remove, w)
        }

        if (obj.publish != null) {
          w.uint32(122)
          Publish.codec().encode(obj.publish, w)
        }

        if (obj.verify != null) {
          w.uint32(130)
          Verify.codec().encode(obj.verify, w)
        }

        if (obj.barrier != null) {
          w.uint32(138)
          Barrier.codec().encode(obj.barrier, w)
        }

        if (obj.end != null) {
          w.uint32(146)
          End.codec().encode(obj.end, w)
        }

        if (obj.cancel != null) {
          w.uint32(154)
          Cancel.codec().encode(obj.cancel, w)
        }

        if (obj.close != null) {
          w.uint32(162)
          Close.codec().encode(obj.close, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: uint8ArrayAlloc(0),
          seq: 0,
          previous: uint8ArrayAlloc(0),
          track: 0,
          issued: 0,
          continueAfterFailure: false
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
              obj.previous = reader.bytes()
              break
            }
            case 4: {
              obj.track = reader.uint32()
              break
            }
            case 5: {
              obj.issued = reader.uint64Number()
              break
            }
            case 6: {
              obj.continueAfterFailure = reader.bool()
              break
            }
            case 10: {
              obj.put = Put.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.put
              })
              break
            }
            case 11: {
              obj.mkdir = Mkdir.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.mkdir
              })
              break
            }
            case 12: {
              obj.setattr = SetAttributes.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.setattr
              })
              break
            }
            case 13: {
              obj.move = Move.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.move
              })
              break
            }
            case 14: {
              obj.remove = Remove.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.remove
              })
              break
            }
            case 15: {
              obj.publish = Publish.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.publish
              })
              break
            }
            case 16: {
              obj.verify = Verify.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.verify
              })
              break
            }
            case 17: {
              obj.barrier = Barrier.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.barrier
              })
              break
            }
            case 18: {
              obj.end = End.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.end
              })
              break
            }
            case 19: {
              obj.cancel = Cancel.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.cancel
              })
              break
            }
            case 20: {
              obj.close = Close.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.close
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.close != null) {
          delete obj.cancel
          delete obj.end
          delete obj.barrier
          delete obj.verify
          delete obj.publish
          delete obj.remove
          delete obj.move
          delete obj.setattr
          delete obj.mkdir
          delete obj.put
        }

        if (obj.cancel != null) {
          delete obj.close
          delete obj.end
          delete obj.barrier
          delete obj.verify
          delete obj.publish
          delete obj.remove
          delete obj.move
          delete obj.setattr
          delete obj.mkdir
          delete obj.put
        }

        if (obj.end != null) {
          delete obj.close
          delete obj.cancel
          delete obj.barrier
          delete obj.verify
          delete obj.publish
          delete obj.remove
          delete obj.move
          delete obj.setattr
          delete obj.mkdir
          delete obj.put
        }

        if (obj.barrier != null) {
          delete obj.close
          delete obj.cancel
          delete obj.end
          delete obj.verify
          delete obj.publish
          delete obj.remove
          delete obj.move
          delete obj.setattr
          delete obj.mkdir
          delete obj.put
        }

        if (obj.verify != null) {
          delete obj.close
          delete obj.cancel
          delete obj.end
          delete obj.barrier
          delete obj.publish
          delete obj.remove
          delete obj.move
          delete obj.setattr
          delete obj.mkdir
          delete obj.put
        }

        if (obj.publish != null) {
          delete obj.close
          delete obj.cancel
          delete obj.end
          delete obj.barrier
          delete obj.verify
          delete obj.remove
          delete obj.move
          delete obj.setattr
          delete obj.mkdir
          delete obj.put
        }

        if (obj.remove != null) {
          delete obj.close
          delete obj.cancel
          delete obj.end
          delete obj.barrier
          delete obj.verify
          delete obj.publish
          delete obj.move
          delete obj.setattr
          delete obj.mkdir
          delete obj.put
        }

        if (obj.move != null) {
          delete obj.close
          delete obj.cancel
          delete obj.end
          delete obj.barrier
          delete obj.verify
          delete obj.publish
          delete obj.remove
          delete obj.setattr
          delete obj.mkdir
          delete obj.put
        }

        if (obj.setattr != null) {
          delete obj.close
          delete obj.cancel
          delete obj.end
          delete obj.barrier
          delete obj.verify
          delete obj.publish
          delete obj.remove
          delete obj.move
          delete obj.mkdir
          delete obj.put
        }

        if (obj.mkdir != null) {
          delete obj.close
          delete obj.cancel
          delete obj.end
          delete obj.barrier
          delete obj.verify
          delete obj.publish
          delete obj.remove
          delete obj.move
          delete obj.setattr
          delete obj.put
        }

        if (obj.put != null) {
          delete obj.close
          delete obj.cancel
          delete obj.end
          delete obj.barrier
          delete obj.verify
          delete obj.publish
          delete obj.remove
          delete obj.move
          delete obj.setattr
          delete obj.mkdir
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
                field: `${prefix}.previous`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.track`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.issued`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.continueAfterFailure`,
                value: reader.bool()
              }
              break
            }
            case 10: {
              yield * Put.codec().stream(reader, reader.uint32(), `${prefix}.put`, {
                limits: opts.limits?.put
              })

              break
            }
            case 11: {
              yield * Mkdir.codec().stream(reader, reader.uint32(), `${prefix}.mkdir`, {
                limits: opts.limits?.mkdir
              })

              break
            }
            case 12: {
              yield * SetAttributes.codec().stream(reader, reader.uint32(), `${prefix}.setattr`, {
                limits: opts.limits?.setattr
              })

              break
            }
            case 13: {
              yield * Move.codec().stream(reader, reader.uint32(), `${prefix}.move`, {
                limits: opts.limits?.move
              })

              break
            }
            case 14: {
              yield * Remove.codec().stream(reader, reader.uint32(), `${prefix}.remove`, {
                limits: opts.limits?.remove
              })

              break
            }
            case 15: {
              yield * Publish.codec().stream(reader, reader.uint32(), `${prefix}.publish`, {
                limits: opts.limits?.publish
              })

              break
            }
            case 16: {
              yield * Verify.codec().stream(reader, reader.uint32(), `${prefix}.verify`, {
                limits: opts.limits?.verify
              })

              break
            }
            case 17: {
              yield * Barrier.codec().stream(reader, reader.uint32(), `${prefix}.barrier`, {
                limits: opts.limits?.barrier
              })

              break
            }
            case 18: {
              yield * End.codec().stream(reader, reader.uint32(), `${prefix}.end`, {
                limits: opts.limits?.end
              })

              break
            }
            case 19: {
              yield * Cancel.codec().stream(reader, reader.uint32(), `${prefix}.cancel`, {
                limits: opts.limits?.cancel
              })

              break
            }
            case 20: {
              yield * Close.codec().stream(reader, reader.uint32(), `${prefix}.close`, {
                limits: opts.limits?.close
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

  export interface CommandJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface CommandSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface CommandPreviousFieldEvent {
    field: '$.previous'
    value: Uint8Array
  }

  export interface CommandTrackFieldEvent {
    field: '$.track'
    value: number
  }

  export interface CommandIssuedFieldEvent {
    field: '$.issued'
    value: number
  }

  export interface CommandContinueAfterFailureFieldEvent {
    field: '$.continueAfterFailure'
    value: boolean
  }

  export interface CommandPutDestinationFieldEvent {
    field: '$.put.destination[]'
    index: number
    value: string
  }

  export interface CommandPutPiecesFieldEvent {
    field: '$.put.pieces'
    value: number
  }

  export interface CommandPutManifestBytesFieldEvent {
    field: '$.put.manifestBytes'
    value: number
  }

  export interface CommandPutChunkPiecesFieldEvent {
    field: '$.put.chunkPieces'
    value: number
  }

  export interface CommandPutBytesFieldEvent {
    field: '$.put.bytes'
    value: number
  }

  export interface CommandPutEntriesFieldEvent {
    field: '$.put.entries'
    value: number
  }

  export interface CommandPutVisibilityFieldEvent {
    field: '$.put.visibility'
    value: Visibility
  }

  export interface CommandPutLossyFieldEvent {
    field: '$.put.lossy'
    value: boolean
  }

  export interface CommandPutDeadlineMsFieldEvent {
    field: '$.put.deadlineMs'
    value: number
  }

  export interface CommandPutSingleFieldEvent {
    field: '$.put.single'
    value: boolean
  }

  export interface CommandPutExpiresFieldEvent {
    field: '$.put.expires'
    value: number
  }

  export interface CommandMkdirPathFieldEvent {
    field: '$.mkdir.path[]'
    index: number
    value: string
  }

  export interface CommandMkdirAttributesModeFieldEvent {
    field: '$.mkdir.attributes.mode'
    value: number
  }

  export interface CommandMkdirAttributesMtimeSecondsFieldEvent {
    field: '$.mkdir.attributes.mtimeSeconds'
    value: number
  }

  export interface CommandMkdirAttributesMtimeNanosFieldEvent {
    field: '$.mkdir.attributes.mtimeNanos'
    value: number
  }

  export interface CommandMkdirAttributesOwnerFieldEvent {
    field: '$.mkdir.attributes.owner'
    value: string
  }

  export interface CommandMkdirAttributesGroupFieldEvent {
    field: '$.mkdir.attributes.group'
    value: string
  }

  export interface CommandMkdirAttributesXattrsNameFieldEvent {
    field: '$.mkdir.attributes.xattrs[].name'
    value: string
    index: number
  }

  export interface CommandMkdirAttributesXattrsValueFieldEvent {
    field: '$.mkdir.attributes.xattrs[].value'
    value: Uint8Array
    index: number
  }

  export interface CommandSetattrPathFieldEvent {
    field: '$.setattr.path[]'
    index: number
    value: string
  }

  export interface CommandSetattrAttributesModeFieldEvent {
    field: '$.setattr.attributes.mode'
    value: number
  }

  export interface CommandSetattrAttributesMtimeSecondsFieldEvent {
    field: '$.setattr.attributes.mtimeSeconds'
    value: number
  }

  export interface CommandSetattrAttributesMtimeNanosFieldEvent {
    field: '$.setattr.attributes.mtimeNanos'
    value: number
  }

  export interface CommandSetattrAttributesOwnerFieldEvent {
    field: '$.setattr.attributes.owner'
    value: string
  }

  export interface CommandSetattrAttributesGroupFieldEvent {
    field: '$.setattr.attributes.group'
    value: string
  }

  export interface CommandSetattrAttributesXattrsNameFieldEvent {
    field: '$.setattr.attributes.xattrs[].name'
    value: string
    index: number
  }

  export interface CommandSetattrAttributesXattrsValueFieldEvent {
    field: '$.setattr.attributes.xattrs[].value'
    value: Uint8Array
    index: number
  }

  export interface CommandMoveFromFieldEvent {
    field: '$.move.from[]'
    index: number
    value: string
  }

  export interface CommandMoveToFieldEvent {
    field: '$.move.to[]'
    index: number
    value: string
  }

  export interface CommandRemovePathFieldEvent {
    field: '$.remove.path[]'
    index: number
    value: string
  }

  export interface CommandRemoveRecursiveFieldEvent {
    field: '$.remove.recursive'
    value: boolean
  }

  export interface CommandPublishPutsFieldEvent {
    field: '$.publish.puts[]'
    index: number
    value: number
  }

  export interface CommandVerifyPathFieldEvent {
    field: '$.verify.path[]'
    index: number
    value: string
  }

  export interface CommandBarrierTracksFieldEvent {
    field: '$.barrier.tracks[]'
    index: number
    value: number
  }

  export interface CommandCancelSeqFieldEvent {
    field: '$.cancel.seq'
    value: number
  }

  export interface CommandCancelReasonFieldEvent {
    field: '$.cancel.reason'
    value: string
  }

  export interface CommandCloseSeqFieldEvent {
    field: '$.close.seq'
    value: number
  }

  export interface CommandClosePageFieldEvent {
    field: '$.close.page'
    value: Uint8Array
  }

  export interface CommandCloseRootFieldEvent {
    field: '$.close.root'
    value: Uint8Array
  }

  export function encode (obj: Partial<Command>): Uint8Array {
    return encodeMessage(obj, Command.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Command>): Command {
    return decodeMessage(buf, Command.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Command>): Generator<CommandJobFieldEvent | CommandSeqFieldEvent | CommandPreviousFieldEvent | CommandTrackFieldEvent | CommandIssuedFieldEvent | CommandContinueAfterFailureFieldEvent | CommandPutDestinationFieldEvent | CommandPutPiecesFieldEvent | CommandPutManifestBytesFieldEvent | CommandPutChunkPiecesFieldEvent | CommandPutBytesFieldEvent | CommandPutEntriesFieldEvent | CommandPutVisibilityFieldEvent | CommandPutLossyFieldEvent | CommandPutDeadlineMsFieldEvent | CommandPutSingleFieldEvent | CommandPutExpiresFieldEvent | CommandMkdirPathFieldEvent | CommandMkdirAttributesModeFieldEvent | CommandMkdirAttributesMtimeSecondsFieldEvent | CommandMkdirAttributesMtimeNanosFieldEvent | CommandMkdirAttributesOwnerFieldEvent | CommandMkdirAttributesGroupFieldEvent | CommandMkdirAttributesXattrsNameFieldEvent | CommandMkdirAttributesXattrsValueFieldEvent | CommandSetattrPathFieldEvent | CommandSetattrAttributesModeFieldEvent | CommandSetattrAttributesMtimeSecondsFieldEvent | CommandSetattrAttributesMtimeNanosFieldEvent | CommandSetattrAttributesOwnerFieldEvent | CommandSetattrAttributesGroupFieldEvent | CommandSetattrAttributesXattrsNameFieldEvent | CommandSetattrAttributesXattrsValueFieldEvent | CommandMoveFromFieldEvent | CommandMoveToFieldEvent | CommandRemovePathFieldEvent | CommandRemoveRecursiveFieldEvent | CommandPublishPutsFieldEvent | CommandVerifyPathFieldEvent | CommandBarrierTracksFieldEvent | CommandCancelSeqFieldEvent | CommandCancelReasonFieldEvent | CommandCloseSeqFieldEvent | CommandClosePageFieldEvent | CommandCloseRootFieldEvent> {
    return streamMessage(buf, Command.codec(), opts)
  }
}

export enum Visibility {
  COMMIT = 'COMMIT',
  ARRIVING = 'ARRIVING',
  STAGED = 'STAGED'
}

enum __VisibilityValues {
  COMMIT = 0,
  ARRIVING = 1,
  STAGED = 2
}

export namespace Visibility {
  export const codec = (): Codec<Visibility> => {
    return enumeration<Visibility>(__VisibilityValues)
  }
}

export interface Put {
  destination: string[]
  pieces?: number
  manifestBytes: number
  chunkPieces: number
  bytes: number
  entries: number
  visibility: Visibility
  lossy: boolean
  deadlineMs: number
  single: boolean
  expires?: number
}

export namespace Put {
  let _codec: Codec<Put>

  export const codec = (): Codec<Put> => {
    if (_codec == null) {
      _codec = message<Put>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.destination != null && obj.destination.length > 0) {
          for (const value of obj.destination) {
            w.uint32(10)
            w.string(value)
          }
        }

        if (obj.pieces != null) {
          w.uint32(16)
          w.uint32(obj.pieces)
        }

        if ((obj.manifestBytes != null && obj.manifestBytes !== 0)) {
          w.uint32(24)
          w.uint32(obj.manifestBytes)
        }

        if ((obj.chunkPieces != null && obj.chunkPieces !== 0)) {
          w.uint32(32)
          w.uint32(obj.chunkPieces)
        }

        if ((obj.bytes != null && obj.bytes !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.bytes)
        }

        if ((obj.entries != null && obj.entries !== 0)) {
          w.uint32(48)
          w.uint32(obj.entries)
        }

        if (obj.visibility != null && __VisibilityValues[obj.visibility] !== 0) {
          w.uint32(56)
          Visibility.codec().encode(obj.visibility, w)
        }

        if ((obj.lossy != null && obj.lossy !== false)) {
          w.uint32(64)
          w.bool(obj.lossy)
        }

        if ((obj.deadlineMs != null && obj.deadlineMs !== 0)) {
          w.uint32(72)
          w.uint32(obj.deadlineMs)
        }

        if ((obj.single != null && obj.single !== false)) {
          w.uint32(80)
          w.bool(obj.single)
        }

        if (obj.expires != null) {
          w.uint32(88)
          w.uint64Number(obj.expires)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          destination: [],
          manifestBytes: 0,
          chunkPieces: 0,
          bytes: 0,
          entries: 0,
          visibility: Visibility.COMMIT,
          lossy: false,
          deadlineMs: 0,
          single: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.destination != null && obj.destination.length === opts.limits.destination) {
                throw new MaxLengthError('Decode error - repeated field "destination" had too many elements')
              }

              obj.destination.push(reader.string())
              break
            }
            case 2: {
              obj.pieces = reader.uint32()
              break
            }
            case 3: {
              obj.manifestBytes = reader.uint32()
              break
            }
            case 4: {
              obj.chunkPieces = reader.uint32()
              break
            }
            case 5: {
              obj.bytes = reader.uint64Number()
              break
            }
            case 6: {
              obj.entries = reader.uint32()
              break
            }
            case 7: {
              obj.visibility = Visibility.codec().decode(reader)
              break
            }
            case 8: {
              obj.lossy = reader.bool()
              break
            }
            case 9: {
              obj.deadlineMs = reader.uint32()
              break
            }
            case 10: {
              obj.single = reader.bool()
              break
            }
            case 11: {
              obj.expires = reader.uint64Number()
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
          destination: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.destination != null && obj.destination === opts.limits.destination) {
                throw new MaxLengthError('Streaming decode error - repeated field "destination" had too many elements')
              }

              yield {
                field: `${prefix}.destination[]`,
                index: obj.destination,
                value: reader.string()
              }

              obj.destination++

              break
            }
            case 2: {
              yield {
                field: `${prefix}.pieces`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.manifestBytes`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.chunkPieces`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.bytes`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.entries`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.visibility`,
                value: Visibility.codec().decode(reader)
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.lossy`,
                value: reader.bool()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.deadlineMs`,
                value: reader.uint32()
              }
              break
            }
            case 10: {
              yield {
                field: `${prefix}.single`,
                value: reader.bool()
              }
              break
            }
            case 11: {
              yield {
                field: `${prefix}.expires`,
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

  export interface PutDestinationFieldEvent {
    field: '$.destination[]'
    index: number
    value: string
  }

  export interface PutPiecesFieldEvent {
    field: '$.pieces'
    value: number
  }

  export interface PutManifestBytesFieldEvent {
    field: '$.manifestBytes'
    value: number
  }

  export interface PutChunkPiecesFieldEvent {
    field: '$.chunkPieces'
    value: number
  }

  export interface PutBytesFieldEvent {
    field: '$.bytes'
    value: number
  }

  export interface PutEntriesFieldEvent {
    field: '$.entries'
    value: number
  }

  export interface PutVisibilityFieldEvent {
    field: '$.visibility'
    value: Visibility
  }

  export interface PutLossyFieldEvent {
    field: '$.lossy'
    value: boolean
  }

  export interface PutDeadlineMsFieldEvent {
    field: '$.deadlineMs'
    value: number
  }

  export interface PutSingleFieldEvent {
    field: '$.single'
    value: boolean
  }

  export interface PutExpiresFieldEvent {
    field: '$.expires'
    value: number
  }

  export function encode (obj: Partial<Put>): Uint8Array {
    return encodeMessage(obj, Put.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Put>): Put {
    return decodeMessage(buf, Put.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Put>): Generator<PutDestinationFieldEvent | PutPiecesFieldEvent | PutManifestBytesFieldEvent | PutChunkPiecesFieldEvent | PutBytesFieldEvent | PutEntriesFieldEvent | PutVisibilityFieldEvent | PutLossyFieldEvent | PutDeadlineMsFieldEvent | PutSingleFieldEvent | PutExpiresFieldEvent> {
    return streamMessage(buf, Put.codec(), opts)
  }
}

export interface Mkdir {
  path: string[]
  attributes?: Attributes
}

export namespace Mkdir {
  let _codec: Codec<Mkdir>

  export const codec = (): Codec<Mkdir> => {
    if (_codec == null) {
      _codec = message<Mkdir>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.path != null && obj.path.length > 0) {
          for (const value of obj.path) {
            w.uint32(10)
            w.string(value)
          }
        }

        if (obj.attributes != null) {
          w.uint32(18)
          Attributes.codec().encode(obj.attributes, w)
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
            case 2: {
              obj.attributes = Attributes.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.attributes
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
            case 2: {
              yield * Attributes.codec().stream(reader, reader.uint32(), `${prefix}.attributes`, {
                limits: opts.limits?.attributes
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

  export interface MkdirPathFieldEvent {
    field: '$.path[]'
    index: number
    value: string
  }

  export interface MkdirAttributesModeFieldEvent {
    field: '$.attributes.mode'
    value: number
  }

  export interface MkdirAttributesMtimeSecondsFieldEvent {
    field: '$.attributes.mtimeSeconds'
    value: number
  }

  export interface MkdirAttributesMtimeNanosFieldEvent {
    field: '$.attributes.mtimeNanos'
    value: number
  }

  export interface MkdirAttributesOwnerFieldEvent {
    field: '$.attributes.owner'
    value: string
  }

  export interface MkdirAttributesGroupFieldEvent {
    field: '$.attributes.group'
    value: string
  }

  export interface MkdirAttributesXattrsNameFieldEvent {
    field: '$.attributes.xattrs[].name'
    value: string
    index: number
  }

  export interface MkdirAttributesXattrsValueFieldEvent {
    field: '$.attributes.xattrs[].value'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<Mkdir>): Uint8Array {
    return encodeMessage(obj, Mkdir.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Mkdir>): Mkdir {
    return decodeMessage(buf, Mkdir.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Mkdir>): Generator<MkdirPathFieldEvent | MkdirAttributesModeFieldEvent | MkdirAttributesMtimeSecondsFieldEvent | MkdirAttributesMtimeNanosFieldEvent | MkdirAttributesOwnerFieldEvent | MkdirAttributesGroupFieldEvent | MkdirAttributesXattrsNameFieldEvent | MkdirAttributesXattrsValueFieldEvent> {
    return streamMessage(buf, Mkdir.codec(), opts)
  }
}

export interface SetAttributes {
  path: string[]
  attributes?: Attributes
}

export namespace SetAttributes {
  let _codec: Codec<SetAttributes>

  export const codec = (): Codec<SetAttributes> => {
    if (_codec == null) {
      _codec = message<SetAttributes>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.path != null && obj.path.length > 0) {
          for (const value of obj.path) {
            w.uint32(10)
            w.string(value)
          }
        }

        if (obj.attributes != null) {
          w.uint32(18)
          Attributes.codec().encode(obj.attributes, w)
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
            case 2: {
              obj.attributes = Attributes.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.attributes
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
            case 2: {
              yield * Attributes.codec().stream(reader, reader.uint32(), `${prefix}.attributes`, {
                limits: opts.limits?.attributes
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

  export interface SetAttributesPathFieldEvent {
    field: '$.path[]'
    index: number
    value: string
  }

  export interface SetAttributesAttributesModeFieldEvent {
    field: '$.attributes.mode'
    value: number
  }

  export interface SetAttributesAttributesMtimeSecondsFieldEvent {
    field: '$.attributes.mtimeSeconds'
    value: number
  }

  export interface SetAttributesAttributesMtimeNanosFieldEvent {
    field: '$.attributes.mtimeNanos'
    value: number
  }

  export interface SetAttributesAttributesOwnerFieldEvent {
    field: '$.attributes.owner'
    value: string
  }

  export interface SetAttributesAttributesGroupFieldEvent {
    field: '$.attributes.group'
    value: string
  }

  export interface SetAttributesAttributesXattrsNameFieldEvent {
    field: '$.attributes.xattrs[].name'
    value: string
    index: number
  }

  export interface SetAttributesAttributesXattrsValueFieldEvent {
    field: '$.attributes.xattrs[].value'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<SetAttributes>): Uint8Array {
    return encodeMessage(obj, SetAttributes.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SetAttributes>): SetAttributes {
    return decodeMessage(buf, SetAttributes.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SetAttributes>): Generator<SetAttributesPathFieldEvent | SetAttributesAttributesModeFieldEvent | SetAttributesAttributesMtimeSecondsFieldEvent | SetAttributesAttributesMtimeNanosFieldEvent | SetAttributesAttributesOwnerFieldEvent | SetAttributesAttributesGroupFieldEvent | SetAttributesAttributesXattrsNameFieldEvent | SetAttributesAttributesXattrsValueFieldEvent> {
    return streamMessage(buf, SetAttributes.codec(), opts)
  }
}

export interface Move {
  from: string[]
  to: string[]
}

export namespace Move {
  let _codec: Codec<Move>

  export const codec = (): Codec<Move> => {
    if (_codec == null) {
      _codec = message<Move>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.from != null && obj.from.length > 0) {
          for (const value of obj.from) {
            w.uint32(10)
            w.string(value)
          }
        }

        if (obj.to != null && obj.to.length > 0) {
          for (const value of obj.to) {
            w.uint32(18)
            w.string(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          from: [],
          to: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.from != null && obj.from.length === opts.limits.from) {
                throw new MaxLengthError('Decode error - repeated field "from" had too many elements')
              }

              obj.from.push(reader.string())
              break
            }
            case 2: {
              if (opts.limits?.to != null && obj.to.length === opts.limits.to) {
                throw new MaxLengthError('Decode error - repeated field "to" had too many elements')
              }

              obj.to.push(reader.string())
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
          from: 0,
          to: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.from != null && obj.from === opts.limits.from) {
                throw new MaxLengthError('Streaming decode error - repeated field "from" had too many elements')
              }

              yield {
                field: `${prefix}.from[]`,
                index: obj.from,
                value: reader.string()
              }

              obj.from++

              break
            }
            case 2: {
              if (opts.limits?.to != null && obj.to === opts.limits.to) {
                throw new MaxLengthError('Streaming decode error - repeated field "to" had too many elements')
              }

              yield {
                field: `${prefix}.to[]`,
                index: obj.to,
                value: reader.string()
              }

              obj.to++

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

  export interface MoveFromFieldEvent {
    field: '$.from[]'
    index: number
    value: string
  }

  export interface MoveToFieldEvent {
    field: '$.to[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<Move>): Uint8Array {
    return encodeMessage(obj, Move.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Move>): Move {
    return decodeMessage(buf, Move.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Move>): Generator<MoveFromFieldEvent | MoveToFieldEvent> {
    return streamMessage(buf, Move.codec(), opts)
  }
}

export interface Remove {
  path: string[]
  recursive: boolean
}

export namespace Remove {
  let _codec: Codec<Remove>

  export const codec = (): Codec<Remove> => {
    if (_codec == null) {
      _codec = message<Remove>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.path != null && obj.path.length > 0) {
          for (const value of obj.path) {
            w.uint32(10)
            w.string(value)
          }
        }

        if ((obj.recursive != null && obj.recursive !== false)) {
          w.uint32(16)
          w.bool(obj.recursive)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          path: [],
          recursive: false
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
            case 2: {
              obj.recursive = reader.bool()
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
            case 2: {
              yield {
                field: `${prefix}.recursive`,
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

  export interface RemovePathFieldEvent {
    field: '$.path[]'
    index: number
    value: string
  }

  export interface RemoveRecursiveFieldEvent {
    field: '$.recursive'
    value: boolean
  }

  export function encode (obj: Partial<Remove>): Uint8Array {
    return encodeMessage(obj, Remove.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Remove>): Remove {
    return decodeMessage(buf, Remove.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Remove>): Generator<RemovePathFieldEvent | RemoveRecursiveFieldEvent> {
    return streamMessage(buf, Remove.codec(), opts)
  }
}

export interface Publish {
  puts: number[]
}

export namespace Publish {
  let _codec: Codec<Publish>

  export const codec = (): Codec<Publish> => {
    if (_codec == null) {
      _codec = message<Publish>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.puts != null && obj.puts.length > 0) {
          for (const value of obj.puts) {
            w.uint32(8)
            w.uint32(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          puts: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.puts != null && obj.puts.length === opts.limits.puts) {
                throw new MaxLengthError('Decode error - repeated field "puts" had too many elements')
              }

              obj.puts.push(reader.uint32())
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
          puts: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.puts != null && obj.puts === opts.limits.puts) {
                throw new MaxLengthError('Streaming decode error - repeated field "puts" had too many elements')
              }

              yield {
                field: `${prefix}.puts[]`,
                index: obj.puts,
                value: reader.uint32()
              }

              obj.puts++

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

  export interface PublishPutsFieldEvent {
    field: '$.puts[]'
    index: number
    value: number
  }

  export function encode (obj: Partial<Publish>): Uint8Array {
    return encodeMessage(obj, Publish.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Publish>): Publish {
    return decodeMessage(buf, Publish.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Publish>): Generator<PublishPutsFieldEvent> {
    return streamMessage(buf, Publish.codec(), opts)
  }
}

export interface Verify {
  path: string[]
}

export namespace Verify {
  let _codec: Codec<Verify>

  export const codec = (): Codec<Verify> => {
    if (_codec == null) {
      _codec = message<Verify>((obj, w, opts = {}) => {
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

  export interface VerifyPathFieldEvent {
    field: '$.path[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<Verify>): Uint8Array {
    return encodeMessage(obj, Verify.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Verify>): Verify {
    return decodeMessage(buf, Verify.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Verify>): Generator<VerifyPathFieldEvent> {
    return streamMessage(buf, Verify.codec(), opts)
  }
}

export interface Barrier {
  tracks: number[]
}

export namespace Barrier {
  let _codec: Codec<Barrier>

  export const codec = (): Codec<Barrier> => {
    if (_codec == null) {
      _codec = message<Barrier>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.tracks != null && obj.tracks.length > 0) {
          for (const value of obj.tracks) {
            w.uint32(8)
            w.uint32(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          tracks: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.tracks != null && obj.tracks.length === opts.limits.tracks) {
                throw new MaxLengthError('Decode error - repeated field "tracks" had too many elements')
              }

              obj.tracks.push(reader.uint32())
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
          tracks: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.tracks != null && obj.tracks === opts.limits.tracks) {
                throw new MaxLengthError('Streaming decode error - repeated field "tracks" had too many elements')
              }

              yield {
                field: `${prefix}.tracks[]`,
                index: obj.tracks,
                value: reader.uint32()
              }

              obj.tracks++

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

  export interface BarrierTracksFieldEvent {
    field: '$.tracks[]'
    index: number
    value: number
  }

  export function encode (obj: Partial<Barrier>): Uint8Array {
    return encodeMessage(obj, Barrier.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Barrier>): Barrier {
    return decodeMessage(buf, Barrier.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Barrier>): Generator<BarrierTracksFieldEvent> {
    return streamMessage(buf, Barrier.codec(), opts)
  }
}

export interface End {}

export namespace End {
  let _codec: Codec<End>

  export const codec = (): Codec<End> => {
    if (_codec == null) {
      _codec = message<End>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
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

  export function encode (obj: Partial<End>): Uint8Array {
    return encodeMessage(obj, End.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<End>): End {
    return decodeMessage(buf, End.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<End>): Generator<{}> {
    return streamMessage(buf, End.codec(), opts)
  }
}

export interface Close {
  seq: number
  page: Uint8Array
  root: Uint8Array
}

export namespace Close {
  let _codec: Codec<Close>

  export const codec = (): Codec<Close> => {
    if (_codec == null) {
      _codec = message<Close>((obj, w, opts = {}) => {
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

        if ((obj.root != null && obj.root.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.root)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          seq: 0,
          page: uint8ArrayAlloc(0),
          root: uint8ArrayAlloc(0)
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
              obj.root = reader.bytes()
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
                field: `${prefix}.root`,
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

  export interface CloseSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface ClosePageFieldEvent {
    field: '$.page'
    value: Uint8Array
  }

  export interface CloseRootFieldEvent {
    field: '$.root'
    value: Uint8Array
  }

  export function encode (obj: Partial<Close>): Uint8Array {
    return encodeMessage(obj, Close.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Close>): Close {
    return decodeMessage(buf, Close.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Close>): Generator<CloseSeqFieldEvent | ClosePageFieldEvent | CloseRootFieldEvent> {
    return streamMessage(buf, Close.codec(), opts)
  }
}

export interface Cancel {
  seq: number
  reason: string
}

export namespace Cancel {
  let _codec: Codec<Cancel>

  export const codec = (): Codec<Cancel> => {
    if (_codec == null) {
      _codec = message<Cancel>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(8)
          w.uint32(obj.seq)
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
          seq: 0,
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

  export interface CancelSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface CancelReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<Cancel>): Uint8Array {
    return encodeMessage(obj, Cancel.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Cancel>): Cancel {
    return decodeMessage(buf, Cancel.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Cancel>): Generator<CancelSeqFieldEvent | CancelReasonFieldEvent> {
    return streamMessage(buf, Cancel.codec(), opts)
  }
}

export interface Attributes {
  mode?: number
  mtimeSeconds?: number
  mtimeNanos?: number
  owner?: string
  group?: string
  xattrs: ExtendedAttribute[]
}

export namespace Attributes {
  let _codec: Codec<Attributes>

  export const codec = (): Codec<Attributes> => {
    if (_codec == null) {
      _codec = message<Attributes>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.mode != null) {
          w.uint32(8)
          w.uint32(obj.mode)
        }

        if (obj.mtimeSeconds != null) {
          w.uint32(16)
          w.sint64Number(obj.mtimeSeconds)
        }

        if (obj.mtimeNanos != null) {
          w.uint32(24)
          w.uint32(obj.mtimeNanos)
        }

        if (obj.owner != null) {
          w.uint32(34)
          w.string(obj.owner)
        }

        if (obj.group != null) {
          w.uint32(42)
          w.string(obj.group)
        }

        if (obj.xattrs != null && obj.xattrs.length > 0) {
          for (const value of obj.xattrs) {
            w.uint32(50)
            ExtendedAttribute.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          xattrs: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.mode = reader.uint32()
              break
            }
            case 2: {
              obj.mtimeSeconds = reader.sint64Number()
              break
            }
            case 3: {
              obj.mtimeNanos = reader.uint32()
              break
            }
            case 4: {
              obj.owner = reader.string()
              break
            }
            case 5: {
              obj.group = reader.string()
              break
            }
            case 6: {
              if (opts.limits?.xattrs != null && obj.xattrs.length === opts.limits.xattrs) {
                throw new MaxLengthError('Decode error - repeated field "xattrs" had too many elements')
              }

              obj.xattrs.push(ExtendedAttribute.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.xattrs$
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
          xattrs: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.mode`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.mtimeSeconds`,
                value: reader.sint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.mtimeNanos`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.owner`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.group`,
                value: reader.string()
              }
              break
            }
            case 6: {
              if (opts.limits?.xattrs != null && obj.xattrs === opts.limits.xattrs) {
                throw new MaxLengthError('Streaming decode error - repeated field "xattrs" had too many elements')
              }

              for (const evt of ExtendedAttribute.codec().stream(reader, reader.uint32(), `${prefix}.xattrs[]`, {
                limits: opts.limits?.xattrs$
              })) {
                yield {
                  ...evt,
                  index: obj.xattrs
                }
              }

              obj.xattrs++

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

  export interface AttributesModeFieldEvent {
    field: '$.mode'
    value: number
  }

  export interface AttributesMtimeSecondsFieldEvent {
    field: '$.mtimeSeconds'
    value: number
  }

  export interface AttributesMtimeNanosFieldEvent {
    field: '$.mtimeNanos'
    value: number
  }

  export interface AttributesOwnerFieldEvent {
    field: '$.owner'
    value: string
  }

  export interface AttributesGroupFieldEvent {
    field: '$.group'
    value: string
  }

  export interface AttributesXattrsNameFieldEvent {
    field: '$.xattrs[].name'
    value: string
    index: number
  }

  export interface AttributesXattrsValueFieldEvent {
    field: '$.xattrs[].value'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<Attributes>): Uint8Array {
    return encodeMessage(obj, Attributes.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Attributes>): Attributes {
    return decodeMessage(buf, Attributes.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Attributes>): Generator<AttributesModeFieldEvent | AttributesMtimeSecondsFieldEvent | AttributesMtimeNanosFieldEvent | AttributesOwnerFieldEvent | AttributesGroupFieldEvent | AttributesXattrsNameFieldEvent | AttributesXattrsValueFieldEvent> {
    return streamMessage(buf, Attributes.codec(), opts)
  }
}

export interface ExtendedAttribute {
  name: string
  value: Uint8Array
}

export namespace ExtendedAttribute {
  let _codec: Codec<ExtendedAttribute>

  export const codec = (): Codec<ExtendedAttribute> => {
    if (_codec == null) {
      _codec = message<ExtendedAttribute>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.name != null && obj.name !== '')) {
          w.uint32(10)
          w.string(obj.name)
        }

        if ((obj.value != null && obj.value.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.value)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          name: '',
          value: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.name = reader.string()
              break
            }
            case 2: {
              obj.value = reader.bytes()
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
                field: `${prefix}.name`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.value`,
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

  export interface ExtendedAttributeNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface ExtendedAttributeValueFieldEvent {
    field: '$.value'
    value: Uint8Array
  }

  export function encode (obj: Partial<ExtendedAttribute>): Uint8Array {
    return encodeMessage(obj, ExtendedAttribute.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ExtendedAttribute>): ExtendedAttribute {
    return decodeMessage(buf, ExtendedAttribute.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ExtendedAttribute>): Generator<ExtendedAttributeNameFieldEvent | ExtendedAttributeValueFieldEvent> {
    return streamMessage(buf, ExtendedAttribute.codec(), opts)
  }
}

export interface Entry {
  path: string[]
  type: EntryType
  size: number
  attributes?: Attributes
  digest: Uint8Array
  target: string[]
  copyOf?: number
}

export namespace Entry {
  let _codec: Codec<Entry>

  export const codec = (): Codec<Entry> => {
    if (_codec == null) {
      _codec = message<Entry>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.path != null && obj.path.length > 0) {
          for (const value of obj.path) {
            w.uint32(10)
            w.string(value)
          }
        }

        if (obj.type != null && __EntryTypeValues[obj.type] !== 0) {
          w.uint32(16)
          EntryType.codec().encode(obj.type, w)
        }

        if ((obj.size != null && obj.size !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.size)
        }

        if (obj.attributes != null) {
          w.uint32(34)
          Attributes.codec().encode(obj.attributes, w)
        }

        if ((obj.digest != null && obj.digest.byteLength > 0)) {
          w.uint32(42)
          w.bytes(obj.digest)
        }

        if (obj.target != null && obj.target.length > 0) {
          for (const value of obj.target) {
            w.uint32(50)
            w.string(value)
          }
        }

        if (obj.copyOf != null) {
          w.uint32(56)
          w.uint32(obj.copyOf)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          path: [],
          type: EntryType.FILE,
          size: 0,
          digest: uint8ArrayAlloc(0),
          target: []
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
            case 2: {
              obj.type = EntryType.codec().decode(reader)
              break
            }
            case 3: {
              obj.size = reader.uint64Number()
              break
            }
            case 4: {
              obj.attributes = Attributes.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.attributes
              })
              break
            }
            case 5: {
              obj.digest = reader.bytes()
              break
            }
            case 6: {
              if (opts.limits?.target != null && obj.target.length === opts.limits.target) {
                throw new MaxLengthError('Decode error - repeated field "target" had too many elements')
              }

              obj.target.push(reader.string())
              break
            }
            case 7: {
              obj.copyOf = reader.uint32()
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
          target: 0
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
            case 2: {
              yield {
                field: `${prefix}.type`,
                value: EntryType.codec().decode(reader)
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.size`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield * Attributes.codec().stream(reader, reader.uint32(), `${prefix}.attributes`, {
                limits: opts.limits?.attributes
              })

              break
            }
            case 5: {
              yield {
                field: `${prefix}.digest`,
                value: reader.bytes()
              }
              break
            }
            case 6: {
              if (opts.limits?.target != null && obj.target === opts.limits.target) {
                throw new MaxLengthError('Streaming decode error - repeated field "target" had too many elements')
              }

              yield {
                field: `${prefix}.target[]`,
                index: obj.target,
                value: reader.string()
              }

              obj.target++

              break
            }
            case 7: {
              yield {
                field: `${prefix}.copyOf`,
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

  export interface EntryPathFieldEvent {
    field: '$.path[]'
    index: number
    value: string
  }

  export interface EntryTypeFieldEvent {
    field: '$.type'
    value: EntryType
  }

  export interface EntrySizeFieldEvent {
    field: '$.size'
    value: number
  }

  export interface EntryAttributesModeFieldEvent {
    field: '$.attributes.mode'
    value: number
  }

  export interface EntryAttributesMtimeSecondsFieldEvent {
    field: '$.attributes.mtimeSeconds'
    value: number
  }

  export interface EntryAttributesMtimeNanosFieldEvent {
    field: '$.attributes.mtimeNanos'
    value: number
  }

  export interface EntryAttributesOwnerFieldEvent {
    field: '$.attributes.owner'
    value: string
  }

  export interface EntryAttributesGroupFieldEvent {
    field: '$.attributes.group'
    value: string
  }

  export interface EntryAttributesXattrsNameFieldEvent {
    field: '$.attributes.xattrs[].name'
    value: string
    index: number
  }

  export interface EntryAttributesXattrsValueFieldEvent {
    field: '$.attributes.xattrs[].value'
    value: Uint8Array
    index: number
  }

  export interface EntryDigestFieldEvent {
    field: '$.digest'
    value: Uint8Array
  }

  export interface EntryTargetFieldEvent {
    field: '$.target[]'
    index: number
    value: string
  }

  export interface EntryCopyOfFieldEvent {
    field: '$.copyOf'
    value: number
  }

  export function encode (obj: Partial<Entry>): Uint8Array {
    return encodeMessage(obj, Entry.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Entry>): Entry {
    return decodeMessage(buf, Entry.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Entry>): Generator<EntryPathFieldEvent | EntryTypeFieldEvent | EntrySizeFieldEvent | EntryAttributesModeFieldEvent | EntryAttributesMtimeSecondsFieldEvent | EntryAttributesMtimeNanosFieldEvent | EntryAttributesOwnerFieldEvent | EntryAttributesGroupFieldEvent | EntryAttributesXattrsNameFieldEvent | EntryAttributesXattrsValueFieldEvent | EntryDigestFieldEvent | EntryTargetFieldEvent | EntryCopyOfFieldEvent> {
    return streamMessage(buf, Entry.codec(), opts)
  }
}

export enum EntryType {
  FILE = 'FILE',
  DIRECTORY = 'DIRECTORY',
  SYMLINK = 'SYMLINK'
}

enum __EntryTypeValues {
  FILE = 0,
  DIRECTORY = 1,
  SYMLINK = 2
}

export namespace EntryType {
  export const codec = (): Codec<EntryType> => {
    return enumeration<EntryType>(__EntryTypeValues)
  }
}

export interface Acceptance {
  job: Uint8Array
  seq: number
  command: Uint8Array
  epoch: number
  accepted: number
}

export namespace Acceptance {
  let _codec: Codec<Acceptance>

  export const codec = (): Codec<Acceptance> => {
    if (_codec == null) {
      _codec = message<Acceptance>((obj, w, opts = {}) => {
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

        if ((obj.command != null && obj.command.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.command)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.epoch)
        }

        if ((obj.accepted != null && obj.accepted !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.accepted)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: uint8ArrayAlloc(0),
          seq: 0,
          command: uint8ArrayAlloc(0),
          epoch: 0,
          accepted: 0
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
              obj.command = reader.bytes()
              break
            }
            case 4: {
              obj.epoch = reader.uint64Number()
              break
            }
            case 5: {
              obj.accepted = reader.uint64Number()
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
                field: `${prefix}.command`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.accepted`,
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

  export interface AcceptanceJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface AcceptanceSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface AcceptanceCommandFieldEvent {
    field: '$.command'
    value: Uint8Array
  }

  export interface AcceptanceEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface AcceptanceAcceptedFieldEvent {
    field: '$.accepted'
    value: number
  }

  export function encode (obj: Partial<Acceptance>): Uint8Array {
    return encodeMessage(obj, Acceptance.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Acceptance>): Acceptance {
    return decodeMessage(buf, Acceptance.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Acceptance>): Generator<AcceptanceJobFieldEvent | AcceptanceSeqFieldEvent | AcceptanceCommandFieldEvent | AcceptanceEpochFieldEvent | AcceptanceAcceptedFieldEvent> {
    return streamMessage(buf, Acceptance.codec(), opts)
  }
}

export interface Page {
  job: Uint8Array
  seq: number
  number: number
  firstPiece: number
  hashes: Uint8Array
  lengths: number[]
  previous: Uint8Array
  final?: Final
}

export namespace Page {
  let _codec: Codec<Page>

  export const codec = (): Codec<Page> => {
    if (_codec == null) {
      _codec = message<Page>((obj, w, opts = {}) => {
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

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(24)
          w.uint32(obj.number)
        }

        if ((obj.firstPiece != null && obj.firstPiece !== 0)) {
          w.uint32(32)
          w.uint32(obj.firstPiece)
        }

        if ((obj.hashes != null && obj.hashes.byteLength > 0)) {
          w.uint32(42)
          w.bytes(obj.hashes)
        }

        if (obj.lengths != null && obj.lengths.length > 0) {
          for (const value of obj.lengths) {
            w.uint32(48)
            w.uint32(value)
          }
        }

        if ((obj.previous != null && obj.previous.byteLength > 0)) {
          w.uint32(58)
          w.bytes(obj.previous)
        }

        if (obj.final != null) {
          w.uint32(66)
          Final.codec().encode(obj.final, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: uint8ArrayAlloc(0),
          seq: 0,
          number: 0,
          firstPiece: 0,
          hashes: uint8ArrayAlloc(0),
          lengths: [],
          previous: uint8ArrayAlloc(0)
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
              obj.number = reader.uint32()
              break
            }
            case 4: {
              obj.firstPiece = reader.uint32()
              break
            }
            case 5: {
              obj.hashes = reader.bytes()
              break
            }
            case 6: {
              if (opts.limits?.lengths != null && obj.lengths.length === opts.limits.lengths) {
                throw new MaxLengthError('Decode error - repeated field "lengths" had too many elements')
              }

              obj.lengths.push(reader.uint32())
              break
            }
            case 7: {
              obj.previous = reader.bytes()
              break
            }
            case 8: {
              obj.final = Final.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.final
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
        const obj = {
          lengths: 0
        }

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
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.firstPiece`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.hashes`,
                value: reader.bytes()
              }
              break
            }
            case 6: {
              if (opts.limits?.lengths != null && obj.lengths === opts.limits.lengths) {
                throw new MaxLengthError('Streaming decode error - repeated field "lengths" had too many elements')
              }

              yield {
                field: `${prefix}.lengths[]`,
                index: obj.lengths,
                value: reader.uint32()
              }

              obj.lengths++

              break
            }
            case 7: {
              yield {
                field: `${prefix}.previous`,
                value: reader.bytes()
              }
              break
            }
            case 8: {
              yield * Final.codec().stream(reader, reader.uint32(), `${prefix}.final`, {
                limits: opts.limits?.final
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

  export interface PageJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface PageSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface PageNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface PageFirstPieceFieldEvent {
    field: '$.firstPiece'
    value: number
  }

  export interface PageHashesFieldEvent {
    field: '$.hashes'
    value: Uint8Array
  }

  export interface PageLengthsFieldEvent {
    field: '$.lengths[]'
    index: number
    value: number
  }

  export interface PagePreviousFieldEvent {
    field: '$.previous'
    value: Uint8Array
  }

  export interface PageFinalPiecesFieldEvent {
    field: '$.final.pieces'
    value: number
  }

  export interface PageFinalBytesFieldEvent {
    field: '$.final.bytes'
    value: number
  }

  export interface PageFinalRootFieldEvent {
    field: '$.final.root'
    value: Uint8Array
  }

  export interface PageFinalDigestsFieldEvent {
    field: '$.final.digests'
    value: Uint8Array
  }

  export interface PageFinalGapsFirstPieceFieldEvent {
    field: '$.final.gaps[].firstPiece'
    value: number
    index: number
  }

  export interface PageFinalGapsPiecesFieldEvent {
    field: '$.final.gaps[].pieces'
    value: number
    index: number
  }

  export function encode (obj: Partial<Page>): Uint8Array {
    return encodeMessage(obj, Page.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Page>): Page {
    return decodeMessage(buf, Page.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Page>): Generator<PageJobFieldEvent | PageSeqFieldEvent | PageNumberFieldEvent | PageFirstPieceFieldEvent | PageHashesFieldEvent | PageLengthsFieldEvent | PagePreviousFieldEvent | PageFinalPiecesFieldEvent | PageFinalBytesFieldEvent | PageFinalRootFieldEvent | PageFinalDigestsFieldEvent | PageFinalGapsFirstPieceFieldEvent | PageFinalGapsPiecesFieldEvent> {
    return streamMessage(buf, Page.codec(), opts)
  }
}

export interface Final {
  pieces: number
  bytes: number
  root: Uint8Array
  digests: Uint8Array
  gaps: Gap[]
}

export namespace Final {
  let _codec: Codec<Final>

  export const codec = (): Codec<Final> => {
    if (_codec == null) {
      _codec = message<Final>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.pieces != null && obj.pieces !== 0)) {
          w.uint32(8)
          w.uint32(obj.pieces)
        }

        if ((obj.bytes != null && obj.bytes !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.bytes)
        }

        if ((obj.root != null && obj.root.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.root)
        }

        if ((obj.digests != null && obj.digests.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.digests)
        }

        if (obj.gaps != null && obj.gaps.length > 0) {
          for (const value of obj.gaps) {
            w.uint32(42)
            Gap.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          pieces: 0,
          bytes: 0,
          root: uint8ArrayAlloc(0),
          digests: uint8ArrayAlloc(0),
          gaps: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.pieces = reader.uint32()
              break
            }
            case 2: {
              obj.bytes = reader.uint64Number()
              break
            }
            case 3: {
              obj.root = reader.bytes()
              break
            }
            case 4: {
              obj.digests = reader.bytes()
              break
            }
            case 5: {
              if (opts.limits?.gaps != null && obj.gaps.length === opts.limits.gaps) {
                throw new MaxLengthError('Decode error - repeated field "gaps" had too many elements')
              }

              obj.gaps.push(Gap.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.gaps$
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
          gaps: 0
        }

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
            case 2: {
              yield {
                field: `${prefix}.bytes`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.root`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.digests`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              if (opts.limits?.gaps != null && obj.gaps === opts.limits.gaps) {
                throw new MaxLengthError('Streaming decode error - repeated field "gaps" had too many elements')
              }

              for (const evt of Gap.codec().stream(reader, reader.uint32(), `${prefix}.gaps[]`, {
                limits: opts.limits?.gaps$
              })) {
                yield {
                  ...evt,
                  index: obj.gaps
                }
              }

              obj.gaps++

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

  export interface FinalPiecesFieldEvent {
    field: '$.pieces'
    value: number
  }

  export interface FinalBytesFieldEvent {
    field: '$.bytes'
    value: number
  }

  export interface FinalRootFieldEvent {
    field: '$.root'
    value: Uint8Array
  }

  export interface FinalDigestsFieldEvent {
    field: '$.digests'
    value: Uint8Array
  }

  export interface FinalGapsFirstPieceFieldEvent {
    field: '$.gaps[].firstPiece'
    value: number
    index: number
  }

  export interface FinalGapsPiecesFieldEvent {
    field: '$.gaps[].pieces'
    value: number
    index: number
  }

  export function encode (obj: Partial<Final>): Uint8Array {
    return encodeMessage(obj, Final.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Final>): Final {
    return decodeMessage(buf, Final.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Final>): Generator<FinalPiecesFieldEvent | FinalBytesFieldEvent | FinalRootFieldEvent | FinalDigestsFieldEvent | FinalGapsFirstPieceFieldEvent | FinalGapsPiecesFieldEvent> {
    return streamMessage(buf, Final.codec(), opts)
  }
}

export interface Gap {
  firstPiece: number
  pieces: number
}

export namespace Gap {
  let _codec: Codec<Gap>

  export const codec = (): Codec<Gap> => {
    if (_codec == null) {
      _codec = message<Gap>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.firstPiece != null && obj.firstPiece !== 0)) {
          w.uint32(8)
          w.uint32(obj.firstPiece)
        }

        if ((obj.pieces != null && obj.pieces !== 0)) {
          w.uint32(16)
          w.uint32(obj.pieces)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          firstPiece: 0,
          pieces: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.firstPiece = reader.uint32()
              break
            }
            case 2: {
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
                field: `${prefix}.firstPiece`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
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

  export interface GapFirstPieceFieldEvent {
    field: '$.firstPiece'
    value: number
  }

  export interface GapPiecesFieldEvent {
    field: '$.pieces'
    value: number
  }

  export function encode (obj: Partial<Gap>): Uint8Array {
    return encodeMessage(obj, Gap.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Gap>): Gap {
    return decodeMessage(buf, Gap.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Gap>): Generator<GapFirstPieceFieldEvent | GapPiecesFieldEvent> {
    return streamMessage(buf, Gap.codec(), opts)
  }
}

export interface Seal {
  job: Uint8Array
  seq: number
  page: Uint8Array
  root: Uint8Array
  epoch: number
}

export namespace Seal {
  let _codec: Codec<Seal>

  export const codec = (): Codec<Seal> => {
    if (_codec == null) {
      _codec = message<Seal>((obj, w, opts = {}) => {
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

        if ((obj.page != null && obj.page.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.page)
        }

        if ((obj.root != null && obj.root.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.root)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.epoch)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: uint8ArrayAlloc(0),
          seq: 0,
          page: uint8ArrayAlloc(0),
          root: uint8ArrayAlloc(0),
          epoch: 0
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
              obj.page = reader.bytes()
              break
            }
            case 4: {
              obj.root = reader.bytes()
              break
            }
            case 5: {
              obj.epoch = reader.uint64Number()
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
                field: `${prefix}.page`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.root`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.epoch`,
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

  export interface SealJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface SealSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface SealPageFieldEvent {
    field: '$.page'
    value: Uint8Array
  }

  export interface SealRootFieldEvent {
    field: '$.root'
    value: Uint8Array
  }

  export interface SealEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export function encode (obj: Partial<Seal>): Uint8Array {
    return encodeMessage(obj, Seal.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Seal>): Seal {
    return decodeMessage(buf, Seal.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Seal>): Generator<SealJobFieldEvent | SealSeqFieldEvent | SealPageFieldEvent | SealRootFieldEvent | SealEpochFieldEvent> {
    return streamMessage(buf, Seal.codec(), opts)
  }
}

export enum ReceiptKind {
  JOB_RECEIVED = 'JOB_RECEIVED',
  COMMAND_COMPLETED = 'COMMAND_COMPLETED',
  COMMAND_FAILED = 'COMMAND_FAILED',
  COMMAND_SUPERSEDED = 'COMMAND_SUPERSEDED',
  JOB_COMPLETED = 'JOB_COMPLETED',
  COMMAND_RECEIVED = 'COMMAND_RECEIVED',
  COMMAND_STARTED = 'COMMAND_STARTED',
  JOB_REFUSED = 'JOB_REFUSED'
}

enum __ReceiptKindValues {
  JOB_RECEIVED = 0,
  COMMAND_COMPLETED = 1,
  COMMAND_FAILED = 2,
  COMMAND_SUPERSEDED = 3,
  JOB_COMPLETED = 4,
  COMMAND_RECEIVED = 5,
  COMMAND_STARTED = 6,
  JOB_REFUSED = 7
}

export namespace ReceiptKind {
  export const codec = (): Codec<ReceiptKind> => {
    return enumeration<ReceiptKind>(__ReceiptKindValues)
  }
}

export interface Receipt {
  node: string
  job: Uint8Array
  number: number
  previous: Uint8Array
  kind: ReceiptKind
  seq: number
  command: Uint8Array
  bytes: number
  digest: Uint8Array
  sources: SourceBytes[]
  switches: number
  started: number
  finished: number
  reason: string
  notApplied: string[]
  gaps: Gap[]
}

export namespace Receipt {
  let _codec: Codec<Receipt>

  export const codec = (): Codec<Receipt> => {
    if (_codec == null) {
      _codec = message<Receipt>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.node != null && obj.node !== '')) {
          w.uint32(10)
          w.string(obj.node)
        }

        if ((obj.job != null && obj.job.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.job)
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(24)
          w.uint32(obj.number)
        }

        if ((obj.previous != null && obj.previous.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.previous)
        }

        if (obj.kind != null && __ReceiptKindValues[obj.kind] !== 0) {
          w.uint32(40)
          ReceiptKind.codec().encode(obj.kind, w)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(48)
          w.uint32(obj.seq)
        }

        if ((obj.command != null && obj.command.byteLength > 0)) {
          w.uint32(58)
          w.bytes(obj.command)
        }

        if ((obj.bytes != null && obj.bytes !== 0)) {
          w.uint32(64)
          w.uint64Number(obj.bytes)
        }

        if ((obj.digest != null && obj.digest.byteLength > 0)) {
          w.uint32(74)
          w.bytes(obj.digest)
        }

        if (obj.sources != null && obj.sources.length > 0) {
          for (const value of obj.sources) {
            w.uint32(82)
            SourceBytes.codec().encode(value, w)
          }
        }

        if ((obj.switches != null && obj.switches !== 0)) {
          w.uint32(88)
          w.uint32(obj.switches)
        }

        if ((obj.started != null && obj.started !== 0)) {
          w.uint32(96)
          w.uint64Number(obj.started)
        }

        if ((obj.finished != null && obj.finished !== 0)) {
          w.uint32(104)
          w.uint64Number(obj.finished)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(114)
          w.string(obj.reason)
        }

        if (obj.notApplied != null && obj.notApplied.length > 0) {
          for (const value of obj.notApplied) {
            w.uint32(122)
            w.string(value)
          }
        }

        if (obj.gaps != null && obj.gaps.length > 0) {
          for (const value of obj.gaps) {
            w.uint32(130)
            Gap.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          node: '',
          job: uint8ArrayAlloc(0),
          number: 0,
          previous: uint8ArrayAlloc(0),
          kind: ReceiptKind.JOB_RECEIVED,
          seq: 0,
          command: uint8ArrayAlloc(0),
          bytes: 0,
          digest: uint8ArrayAlloc(0),
          sources: [],
          switches: 0,
          started: 0,
          finished: 0,
          reason: '',
          notApplied: [],
          gaps: []
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
              obj.job = reader.bytes()
              break
            }
            case 3: {
              obj.number = reader.uint32()
              break
            }
            case 4: {
              obj.previous = reader.bytes()
              break
            }
            case 5: {
              obj.kind = ReceiptKind.codec().decode(reader)
              break
            }
            case 6: {
              obj.seq = reader.uint32()
              break
            }
            case 7: {
              obj.command = reader.bytes()
              break
            }
            case 8: {
              obj.bytes = reader.uint64Number()
              break
            }
            case 9: {
              obj.digest = reader.bytes()
              break
            }
            case 10: {
              if (opts.limits?.sources != null && obj.sources.length === opts.limits.sources) {
                throw new MaxLengthError('Decode error - repeated field "sources" had too many elements')
              }

              obj.sources.push(SourceBytes.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.sources$
              }))
              break
            }
            case 11: {
              obj.switches = reader.uint32()
              break
            }
            case 12: {
              obj.started = reader.uint64Number()
              break
            }
            case 13: {
              obj.finished = reader.uint64Number()
              break
            }
            case 14: {
              obj.reason = reader.string()
              break
            }
            case 15: {
              if (opts.limits?.notApplied != null && obj.notApplied.length === opts.limits.notApplied) {
                throw new MaxLengthError('Decode error - repeated field "notApplied" had too many elements')
              }

              obj.notApplied.push(reader.string())
              break
            }
            case 16: {
              if (opts.limits?.gaps != null && obj.gaps.length === opts.limits.gaps) {
                throw new MaxLengthError('Decode error - repeated field "gaps" had too many elements')
              }

              obj.gaps.push(Gap.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.gaps$
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
          sources: 0,
          notApplied: 0,
          gaps: 0
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
              yield {
                field: `${prefix}.job`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.previous`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.kind`,
                value: ReceiptKind.codec().decode(reader)
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.command`,
                value: reader.bytes()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.bytes`,
                value: reader.uint64Number()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.digest`,
                value: reader.bytes()
              }
              break
            }
            case 10: {
              if (opts.limits?.sources != null && obj.sources === opts.limits.sources) {
                throw new MaxLengthError('Streaming decode error - repeated field "sources" had too many elements')
              }

              for (const evt of SourceBytes.codec().stream(reader, reader.uint32(), `${prefix}.sources[]`, {
                limits: opts.limits?.sources$
              })) {
                yield {
                  ...evt,
                  index: obj.sources
                }
              }

              obj.sources++

              break
            }
            case 11: {
              yield {
                field: `${prefix}.switches`,
                value: reader.uint32()
              }
              break
            }
            case 12: {
              yield {
                field: `${prefix}.started`,
                value: reader.uint64Number()
              }
              break
            }
            case 13: {
              yield {
                field: `${prefix}.finished`,
                value: reader.uint64Number()
              }
              break
            }
            case 14: {
              yield {
                field: `${prefix}.reason`,
                value: reader.string()
              }
              break
            }
            case 15: {
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
            case 16: {
              if (opts.limits?.gaps != null && obj.gaps === opts.limits.gaps) {
                throw new MaxLengthError('Streaming decode error - repeated field "gaps" had too many elements')
              }

              for (const evt of Gap.codec().stream(reader, reader.uint32(), `${prefix}.gaps[]`, {
                limits: opts.limits?.gaps$
              })) {
                yield {
                  ...evt,
                  index: obj.gaps
                }
              }

              obj.gaps++

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

  export interface ReceiptNodeFieldEvent {
    field: '$.node'
    value: string
  }

  export interface ReceiptJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface ReceiptNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface ReceiptPreviousFieldEvent {
    field: '$.previous'
    value: Uint8Array
  }

  export interface ReceiptKindFieldEvent {
    field: '$.kind'
    value: ReceiptKind
  }

  export interface ReceiptSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface ReceiptCommandFieldEvent {
    field: '$.command'
    value: Uint8Array
  }

  export interface ReceiptBytesFieldEvent {
    field: '$.bytes'
    value: number
  }

  export interface ReceiptDigestFieldEvent {
    field: '$.digest'
    value: Uint8Array
  }

  export interface ReceiptSourcesPeerFieldEvent {
    field: '$.sources[].peer'
    value: string
    index: number
  }

  export interface ReceiptSourcesBytesFieldEvent {
    field: '$.sources[].bytes'
    value: number
    index: number
  }

  export interface ReceiptSwitchesFieldEvent {
    field: '$.switches'
    value: number
  }

  export interface ReceiptStartedFieldEvent {
    field: '$.started'
    value: number
  }

  export interface ReceiptFinishedFieldEvent {
    field: '$.finished'
    value: number
  }

  export interface ReceiptReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export interface ReceiptNotAppliedFieldEvent {
    field: '$.notApplied[]'
    index: number
    value: string
  }

  export interface ReceiptGapsFirstPieceFieldEvent {
    field: '$.gaps[].firstPiece'
    value: number
    index: number
  }

  export interface ReceiptGapsPiecesFieldEvent {
    field: '$.gaps[].pieces'
    value: number
    index: number
  }

  export function encode (obj: Partial<Receipt>): Uint8Array {
    return encodeMessage(obj, Receipt.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Receipt>): Receipt {
    return decodeMessage(buf, Receipt.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Receipt>): Generator<ReceiptNodeFieldEvent | ReceiptJobFieldEvent | ReceiptNumberFieldEvent | ReceiptPreviousFieldEvent | ReceiptKindFieldEvent | ReceiptSeqFieldEvent | ReceiptCommandFieldEvent | ReceiptBytesFieldEvent | ReceiptDigestFieldEvent | ReceiptSourcesPeerFieldEvent | ReceiptSourcesBytesFieldEvent | ReceiptSwitchesFieldEvent | ReceiptStartedFieldEvent | ReceiptFinishedFieldEvent | ReceiptReasonFieldEvent | ReceiptNotAppliedFieldEvent | ReceiptGapsFirstPieceFieldEvent | ReceiptGapsPiecesFieldEvent> {
    return streamMessage(buf, Receipt.codec(), opts)
  }
}

export interface SourceBytes {
  peer: string
  bytes: number
}

export namespace SourceBytes {
  let _codec: Codec<SourceBytes>

  export const codec = (): Codec<SourceBytes> => {
    if (_codec == null) {
      _codec = message<SourceBytes>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if ((obj.bytes != null && obj.bytes !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.bytes)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          bytes: 0
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
              obj.bytes = reader.uint64Number()
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
                field: `${prefix}.bytes`,
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

  export interface SourceBytesPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface SourceBytesBytesFieldEvent {
    field: '$.bytes'
    value: number
  }

  export function encode (obj: Partial<SourceBytes>): Uint8Array {
    return encodeMessage(obj, SourceBytes.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SourceBytes>): SourceBytes {
    return decodeMessage(buf, SourceBytes.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SourceBytes>): Generator<SourceBytesPeerFieldEvent | SourceBytesBytesFieldEvent> {
    return streamMessage(buf, SourceBytes.codec(), opts)
  }
}

export interface Report {
  job: Uint8Array
  epoch: number
  outcome: Outcome
  closed: number
  servers: ServerLine[]
  head: number
  receipts: Uint8Array
}

export namespace Report {
  let _codec: Codec<Report>

  export const codec = (): Codec<Report> => {
    if (_codec == null) {
      _codec = message<Report>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.job)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.epoch)
        }

        if (obj.outcome != null && __OutcomeValues[obj.outcome] !== 0) {
          w.uint32(24)
          Outcome.codec().encode(obj.outcome, w)
        }

        if ((obj.closed != null && obj.closed !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.closed)
        }

        if (obj.servers != null && obj.servers.length > 0) {
          for (const value of obj.servers) {
            w.uint32(42)
            ServerLine.codec().encode(value, w)
          }
        }

        if ((obj.head != null && obj.head !== 0)) {
          w.uint32(48)
          w.uint32(obj.head)
        }

        if ((obj.receipts != null && obj.receipts.byteLength > 0)) {
          w.uint32(58)
          w.bytes(obj.receipts)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: uint8ArrayAlloc(0),
          epoch: 0,
          outcome: Outcome.COMPLETE,
          closed: 0,
          servers: [],
          head: 0,
          receipts: uint8ArrayAlloc(0)
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
              obj.epoch = reader.uint64Number()
              break
            }
            case 3: {
              obj.outcome = Outcome.codec().decode(reader)
              break
            }
            case 4: {
              obj.closed = reader.uint64Number()
              break
            }
            case 5: {
              if (opts.limits?.servers != null && obj.servers.length === opts.limits.servers) {
                throw new MaxLengthError('Decode error - repeated field "servers" had too many elements')
              }

              obj.servers.push(ServerLine.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.servers$
              }))
              break
            }
            case 6: {
              obj.head = reader.uint32()
              break
            }
            case 7: {
              obj.receipts = reader.bytes()
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
          servers: 0
        }

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
                field: `${prefix}.epoch`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.outcome`,
                value: Outcome.codec().decode(reader)
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.closed`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              if (opts.limits?.servers != null && obj.servers === opts.limits.servers) {
                throw new MaxLengthError('Streaming decode error - repeated field "servers" had too many elements')
              }

              for (const evt of ServerLine.codec().stream(reader, reader.uint32(), `${prefix}.servers[]`, {
                limits: opts.limits?.servers$
              })) {
                yield {
                  ...evt,
                  index: obj.servers
                }
              }

              obj.servers++

              break
            }
            case 6: {
              yield {
                field: `${prefix}.head`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.receipts`,
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

  export interface ReportJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export interface ReportEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface ReportOutcomeFieldEvent {
    field: '$.outcome'
    value: Outcome
  }

  export interface ReportClosedFieldEvent {
    field: '$.closed'
    value: number
  }

  export interface ReportServersPeerFieldEvent {
    field: '$.servers[].peer'
    value: string
    index: number
  }

  export interface ReportServersStateFieldEvent {
    field: '$.servers[].state'
    value: ServerState
    index: number
  }

  export interface ReportServersReasonFieldEvent {
    field: '$.servers[].reason'
    value: string
    index: number
  }

  export interface ReportHeadFieldEvent {
    field: '$.head'
    value: number
  }

  export interface ReportReceiptsFieldEvent {
    field: '$.receipts'
    value: Uint8Array
  }

  export function encode (obj: Partial<Report>): Uint8Array {
    return encodeMessage(obj, Report.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Report>): Report {
    return decodeMessage(buf, Report.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Report>): Generator<ReportJobFieldEvent | ReportEpochFieldEvent | ReportOutcomeFieldEvent | ReportClosedFieldEvent | ReportServersPeerFieldEvent | ReportServersStateFieldEvent | ReportServersReasonFieldEvent | ReportHeadFieldEvent | ReportReceiptsFieldEvent> {
    return streamMessage(buf, Report.codec(), opts)
  }
}

export enum Outcome {
  COMPLETE = 'COMPLETE',
  PARTIAL = 'PARTIAL',
  FAILED = 'FAILED'
}

enum __OutcomeValues {
  COMPLETE = 0,
  PARTIAL = 1,
  FAILED = 2
}

export namespace Outcome {
  export const codec = (): Codec<Outcome> => {
    return enumeration<Outcome>(__OutcomeValues)
  }
}

export interface ServerLine {
  peer: string
  state: ServerState
  reason: string
}

export namespace ServerLine {
  let _codec: Codec<ServerLine>

  export const codec = (): Codec<ServerLine> => {
    if (_codec == null) {
      _codec = message<ServerLine>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if (obj.state != null && __ServerStateValues[obj.state] !== 0) {
          w.uint32(16)
          ServerState.codec().encode(obj.state, w)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(26)
          w.string(obj.reason)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          state: ServerState.UNKNOWN,
          reason: ''
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
              obj.state = ServerState.codec().decode(reader)
              break
            }
            case 3: {
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
                field: `${prefix}.peer`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.state`,
                value: ServerState.codec().decode(reader)
              }
              break
            }
            case 3: {
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

  export interface ServerLinePeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface ServerLineStateFieldEvent {
    field: '$.state'
    value: ServerState
  }

  export interface ServerLineReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<ServerLine>): Uint8Array {
    return encodeMessage(obj, ServerLine.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ServerLine>): ServerLine {
    return decodeMessage(buf, ServerLine.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ServerLine>): Generator<ServerLinePeerFieldEvent | ServerLineStateFieldEvent | ServerLineReasonFieldEvent> {
    return streamMessage(buf, ServerLine.codec(), opts)
  }
}

export enum ServerState {
  UNKNOWN = 'UNKNOWN',
  SERVER_COMPLETE = 'SERVER_COMPLETE',
  SERVER_FAILED = 'SERVER_FAILED',
  UNREACHABLE = 'UNREACHABLE'
}

enum __ServerStateValues {
  UNKNOWN = 0,
  SERVER_COMPLETE = 1,
  SERVER_FAILED = 2,
  UNREACHABLE = 3
}

export namespace ServerState {
  export const codec = (): Codec<ServerState> => {
    return enumeration<ServerState>(__ServerStateValues)
  }
}

export enum Role {
  NODE = 'NODE',
  PROVIDER = 'PROVIDER',
  BASE = 'BASE'
}

enum __RoleValues {
  NODE = 0,
  PROVIDER = 1,
  BASE = 2
}

export namespace Role {
  export const codec = (): Codec<Role> => {
    return enumeration<Role>(__RoleValues)
  }
}

export interface Credential {
  peer: string
  base: string
  role: Role
  labels: Label[]
  epoch: number
  issued: number
  expires: number
}

export namespace Credential {
  let _codec: Codec<Credential>

  export const codec = (): Codec<Credential> => {
    if (_codec == null) {
      _codec = message<Credential>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if ((obj.base != null && obj.base !== '')) {
          w.uint32(18)
          w.string(obj.base)
        }

        if (obj.role != null && __RoleValues[obj.role] !== 0) {
          w.uint32(24)
          Role.codec().encode(obj.role, w)
        }

        if (obj.labels != null && obj.labels.length > 0) {
          for (const value of obj.labels) {
            w.uint32(34)
            Label.codec().encode(value, w)
          }
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.epoch)
        }

        if ((obj.issued != null && obj.issued !== 0)) {
          w.uint32(48)
          w.uint64Number(obj.issued)
        }

        if ((obj.expires != null && obj.expires !== 0)) {
          w.uint32(56)
          w.uint64Number(obj.expires)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          base: '',
          role: Role.NODE,
          labels: [],
          epoch: 0,
          issued: 0,
          expires: 0
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
              obj.base = reader.string()
              break
            }
            case 3: {
              obj.role = Role.codec().decode(reader)
              break
            }
            case 4: {
              if (opts.limits?.labels != null && obj.labels.length === opts.limits.labels) {
                throw new MaxLengthError('Decode error - repeated field "labels" had too many elements')
              }

              obj.labels.push(Label.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.labels$
              }))
              break
            }
            case 5: {
              obj.epoch = reader.uint64Number()
              break
            }
            case 6: {
              obj.issued = reader.uint64Number()
              break
            }
            case 7: {
              obj.expires = reader.uint64Number()
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
          labels: 0
        }

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
                field: `${prefix}.base`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.role`,
                value: Role.codec().decode(reader)
              }
              break
            }
            case 4: {
              if (opts.limits?.labels != null && obj.labels === opts.limits.labels) {
                throw new MaxLengthError('Streaming decode error - repeated field "labels" had too many elements')
              }

              for (const evt of Label.codec().stream(reader, reader.uint32(), `${prefix}.labels[]`, {
                limits: opts.limits?.labels$
              })) {
                yield {
                  ...evt,
                  index: obj.labels
                }
              }

              obj.labels++

              break
            }
            case 5: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.issued`,
                value: reader.uint64Number()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.expires`,
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

  export interface CredentialPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface CredentialBaseFieldEvent {
    field: '$.base'
    value: string
  }

  export interface CredentialRoleFieldEvent {
    field: '$.role'
    value: Role
  }

  export interface CredentialLabelsNameFieldEvent {
    field: '$.labels[].name'
    value: string
    index: number
  }

  export interface CredentialLabelsValueFieldEvent {
    field: '$.labels[].value'
    value: string
    index: number
  }

  export interface CredentialEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface CredentialIssuedFieldEvent {
    field: '$.issued'
    value: number
  }

  export interface CredentialExpiresFieldEvent {
    field: '$.expires'
    value: number
  }

  export function encode (obj: Partial<Credential>): Uint8Array {
    return encodeMessage(obj, Credential.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Credential>): Credential {
    return decodeMessage(buf, Credential.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Credential>): Generator<CredentialPeerFieldEvent | CredentialBaseFieldEvent | CredentialRoleFieldEvent | CredentialLabelsNameFieldEvent | CredentialLabelsValueFieldEvent | CredentialEpochFieldEvent | CredentialIssuedFieldEvent | CredentialExpiresFieldEvent> {
    return streamMessage(buf, Credential.codec(), opts)
  }
}

export interface Label {
  name: string
  value: string
}

export namespace Label {
  let _codec: Codec<Label>

  export const codec = (): Codec<Label> => {
    if (_codec == null) {
      _codec = message<Label>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.name != null && obj.name !== '')) {
          w.uint32(10)
          w.string(obj.name)
        }

        if ((obj.value != null && obj.value !== '')) {
          w.uint32(18)
          w.string(obj.value)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          name: '',
          value: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.name = reader.string()
              break
            }
            case 2: {
              obj.value = reader.string()
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
                field: `${prefix}.name`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.value`,
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

  export interface LabelNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface LabelValueFieldEvent {
    field: '$.value'
    value: string
  }

  export function encode (obj: Partial<Label>): Uint8Array {
    return encodeMessage(obj, Label.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Label>): Label {
    return decodeMessage(buf, Label.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Label>): Generator<LabelNameFieldEvent | LabelValueFieldEvent> {
    return streamMessage(buf, Label.codec(), opts)
  }
}

export interface Roster {
  base: string
  epoch: number
  seq: number
  issued: number
  revoked: string[]
}

export namespace Roster {
  let _codec: Codec<Roster>

  export const codec = (): Codec<Roster> => {
    if (_codec == null) {
      _codec = message<Roster>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.base != null && obj.base !== '')) {
          w.uint32(10)
          w.string(obj.base)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.epoch)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(24)
          w.uint32(obj.seq)
        }

        if ((obj.issued != null && obj.issued !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.issued)
        }

        if (obj.revoked != null && obj.revoked.length > 0) {
          for (const value of obj.revoked) {
            w.uint32(42)
            w.string(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          base: '',
          epoch: 0,
          seq: 0,
          issued: 0,
          revoked: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.base = reader.string()
              break
            }
            case 2: {
              obj.epoch = reader.uint64Number()
              break
            }
            case 3: {
              obj.seq = reader.uint32()
              break
            }
            case 4: {
              obj.issued = reader.uint64Number()
              break
            }
            case 5: {
              if (opts.limits?.revoked != null && obj.revoked.length === opts.limits.revoked) {
                throw new MaxLengthError('Decode error - repeated field "revoked" had too many elements')
              }

              obj.revoked.push(reader.string())
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
          revoked: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.base`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint64Number()
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
                field: `${prefix}.issued`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              if (opts.limits?.revoked != null && obj.revoked === opts.limits.revoked) {
                throw new MaxLengthError('Streaming decode error - repeated field "revoked" had too many elements')
              }

              yield {
                field: `${prefix}.revoked[]`,
                index: obj.revoked,
                value: reader.string()
              }

              obj.revoked++

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

  export interface RosterBaseFieldEvent {
    field: '$.base'
    value: string
  }

  export interface RosterEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface RosterSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface RosterIssuedFieldEvent {
    field: '$.issued'
    value: number
  }

  export interface RosterRevokedFieldEvent {
    field: '$.revoked[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<Roster>): Uint8Array {
    return encodeMessage(obj, Roster.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Roster>): Roster {
    return decodeMessage(buf, Roster.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Roster>): Generator<RosterBaseFieldEvent | RosterEpochFieldEvent | RosterSeqFieldEvent | RosterIssuedFieldEvent | RosterRevokedFieldEvent> {
    return streamMessage(buf, Roster.codec(), opts)
  }
}

export interface Invitation {
  base: string
  role: Role
  labels: Label[]
  nonce: Uint8Array
  expires: number
  epoch: number
}

export namespace Invitation {
  let _codec: Codec<Invitation>

  export const codec = (): Codec<Invitation> => {
    if (_codec == null) {
      _codec = message<Invitation>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.base != null && obj.base !== '')) {
          w.uint32(10)
          w.string(obj.base)
        }

        if (obj.role != null && __RoleValues[obj.role] !== 0) {
          w.uint32(16)
          Role.codec().encode(obj.role, w)
        }

        if (obj.labels != null && obj.labels.length > 0) {
          for (const value of obj.labels) {
            w.uint32(26)
            Label.codec().encode(value, w)
          }
        }

        if ((obj.nonce != null && obj.nonce.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.nonce)
        }

        if ((obj.expires != null && obj.expires !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.expires)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(48)
          w.uint64Number(obj.epoch)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          base: '',
          role: Role.NODE,
          labels: [],
          nonce: uint8ArrayAlloc(0),
          expires: 0,
          epoch: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.base = reader.string()
              break
            }
            case 2: {
              obj.role = Role.codec().decode(reader)
              break
            }
            case 3: {
              if (opts.limits?.labels != null && obj.labels.length === opts.limits.labels) {
                throw new MaxLengthError('Decode error - repeated field "labels" had too many elements')
              }

              obj.labels.push(Label.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.labels$
              }))
              break
            }
            case 4: {
              obj.nonce = reader.bytes()
              break
            }
            case 5: {
              obj.expires = reader.uint64Number()
              break
            }
            case 6: {
              obj.epoch = reader.uint64Number()
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
          labels: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.base`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.role`,
                value: Role.codec().decode(reader)
              }
              break
            }
            case 3: {
              if (opts.limits?.labels != null && obj.labels === opts.limits.labels) {
                throw new MaxLengthError('Streaming decode error - repeated field "labels" had too many elements')
              }

              for (const evt of Label.codec().stream(reader, reader.uint32(), `${prefix}.labels[]`, {
                limits: opts.limits?.labels$
              })) {
                yield {
                  ...evt,
                  index: obj.labels
                }
              }

              obj.labels++

              break
            }
            case 4: {
              yield {
                field: `${prefix}.nonce`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.expires`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.epoch`,
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

  export interface InvitationBaseFieldEvent {
    field: '$.base'
    value: string
  }

  export interface InvitationRoleFieldEvent {
    field: '$.role'
    value: Role
  }

  export interface InvitationLabelsNameFieldEvent {
    field: '$.labels[].name'
    value: string
    index: number
  }

  export interface InvitationLabelsValueFieldEvent {
    field: '$.labels[].value'
    value: string
    index: number
  }

  export interface InvitationNonceFieldEvent {
    field: '$.nonce'
    value: Uint8Array
  }

  export interface InvitationExpiresFieldEvent {
    field: '$.expires'
    value: number
  }

  export interface InvitationEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export function encode (obj: Partial<Invitation>): Uint8Array {
    return encodeMessage(obj, Invitation.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Invitation>): Invitation {
    return decodeMessage(buf, Invitation.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Invitation>): Generator<InvitationBaseFieldEvent | InvitationRoleFieldEvent | InvitationLabelsNameFieldEvent | InvitationLabelsValueFieldEvent | InvitationNonceFieldEvent | InvitationExpiresFieldEvent | InvitationEpochFieldEvent> {
    return streamMessage(buf, Invitation.codec(), opts)
  }
}

export interface Capability {
  base: string
  peer: string
  node: string
  path: string[]
  verbs: string[]
  epoch: number
  issued: number
  expires: number
}

export namespace Capability {
  let _codec: Codec<Capability>

  export const codec = (): Codec<Capability> => {
    if (_codec == null) {
      _codec = message<Capability>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.base != null && obj.base !== '')) {
          w.uint32(10)
          w.string(obj.base)
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(18)
          w.string(obj.peer)
        }

        if ((obj.node != null && obj.node !== '')) {
          w.uint32(26)
          w.string(obj.node)
        }

        if (obj.path != null && obj.path.length > 0) {
          for (const value of obj.path) {
            w.uint32(34)
            w.string(value)
          }
        }

        if (obj.verbs != null && obj.verbs.length > 0) {
          for (const value of obj.verbs) {
            w.uint32(42)
            w.string(value)
          }
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(48)
          w.uint64Number(obj.epoch)
        }

        if ((obj.issued != null && obj.issued !== 0)) {
          w.uint32(56)
          w.uint64Number(obj.issued)
        }

        if ((obj.expires != null && obj.expires !== 0)) {
          w.uint32(64)
          w.uint64Number(obj.expires)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          base: '',
          peer: '',
          node: '',
          path: [],
          verbs: [],
          epoch: 0,
          issued: 0,
          expires: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.base = reader.string()
              break
            }
            case 2: {
              obj.peer = reader.string()
              break
            }
            case 3: {
              obj.node = reader.string()
              break
            }
            case 4: {
              if (opts.limits?.path != null && obj.path.length === opts.limits.path) {
                throw new MaxLengthError('Decode error - repeated field "path" had too many elements')
              }

              obj.path.push(reader.string())
              break
            }
            case 5: {
              if (opts.limits?.verbs != null && obj.verbs.length === opts.limits.verbs) {
                throw new MaxLengthError('Decode error - repeated field "verbs" had too many elements')
              }

              obj.verbs.push(reader.string())
              break
            }
            case 6: {
              obj.epoch = reader.uint64Number()
              break
            }
            case 7: {
              obj.issued = reader.uint64Number()
              break
            }
            case 8: {
              obj.expires = reader.uint64Number()
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
          verbs: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.base`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.peer`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.node`,
                value: reader.string()
              }
              break
            }
            case 4: {
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
            case 5: {
              if (opts.limits?.verbs != null && obj.verbs === opts.limits.verbs) {
                throw new MaxLengthError('Streaming decode error - repeated field "verbs" had too many elements')
              }

              yield {
                field: `${prefix}.verbs[]`,
                index: obj.verbs,
                value: reader.string()
              }

              obj.verbs++

              break
            }
            case 6: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint64Number()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.issued`,
                value: reader.uint64Number()
              }
              break
            }
            case 8: {
              yield {
                field: `${prefix}.expires`,
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

  export interface CapabilityBaseFieldEvent {
    field: '$.base'
    value: string
  }

  export interface CapabilityPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface CapabilityNodeFieldEvent {
    field: '$.node'
    value: string
  }

  export interface CapabilityPathFieldEvent {
    field: '$.path[]'
    index: number
    value: string
  }

  export interface CapabilityVerbsFieldEvent {
    field: '$.verbs[]'
    index: number
    value: string
  }

  export interface CapabilityEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface CapabilityIssuedFieldEvent {
    field: '$.issued'
    value: number
  }

  export interface CapabilityExpiresFieldEvent {
    field: '$.expires'
    value: number
  }

  export function encode (obj: Partial<Capability>): Uint8Array {
    return encodeMessage(obj, Capability.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Capability>): Capability {
    return decodeMessage(buf, Capability.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Capability>): Generator<CapabilityBaseFieldEvent | CapabilityPeerFieldEvent | CapabilityNodeFieldEvent | CapabilityPathFieldEvent | CapabilityVerbsFieldEvent | CapabilityEpochFieldEvent | CapabilityIssuedFieldEvent | CapabilityExpiresFieldEvent> {
    return streamMessage(buf, Capability.codec(), opts)
  }
}

export enum RepairAction {
  RECONNECT = 'RECONNECT',
  FLUSH_OUTBOX = 'FLUSH_OUTBOX',
  REVERIFY = 'REVERIFY',
  REFETCH = 'REFETCH',
  RESTART_EXECUTOR = 'RESTART_EXECUTOR',
  RESTART_PROCESS = 'RESTART_PROCESS',
  ACTIVATE = 'ACTIVATE'
}

enum __RepairActionValues {
  RECONNECT = 0,
  FLUSH_OUTBOX = 1,
  REVERIFY = 2,
  REFETCH = 3,
  RESTART_EXECUTOR = 4,
  RESTART_PROCESS = 5,
  ACTIVATE = 6
}

export namespace RepairAction {
  export const codec = (): Codec<RepairAction> => {
    return enumeration<RepairAction>(__RepairActionValues)
  }
}

export interface RepairOrder {
  base: string
  node: string
  epoch: number
  nonce: Uint8Array
  issued: number
  expires: number
  action: RepairAction
  job: Uint8Array
}

export namespace RepairOrder {
  let _codec: Codec<RepairOrder>

  export const codec = (): Codec<RepairOrder> => {
    if (_codec == null) {
      _codec = message<RepairOrder>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.base != null && obj.base !== '')) {
          w.uint32(10)
          w.string(obj.base)
        }

        if ((obj.node != null && obj.node !== '')) {
          w.uint32(18)
          w.string(obj.node)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.epoch)
        }

        if ((obj.nonce != null && obj.nonce.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.nonce)
        }

        if ((obj.issued != null && obj.issued !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.issued)
        }

        if ((obj.expires != null && obj.expires !== 0)) {
          w.uint32(48)
          w.uint64Number(obj.expires)
        }

        if (obj.action != null && __RepairActionValues[obj.action] !== 0) {
          w.uint32(56)
          RepairAction.codec().encode(obj.action, w)
        }

        if ((obj.job != null && obj.job.byteLength > 0)) {
          w.uint32(66)
          w.bytes(obj.job)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          base: '',
          node: '',
          epoch: 0,
          nonce: uint8ArrayAlloc(0),
          issued: 0,
          expires: 0,
          action: RepairAction.RECONNECT,
          job: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.base = reader.string()
              break
            }
            case 2: {
              obj.node = reader.string()
              break
            }
            case 3: {
              obj.epoch = reader.uint64Number()
              break
            }
            case 4: {
              obj.nonce = reader.bytes()
              break
            }
            case 5: {
              obj.issued = reader.uint64Number()
              break
            }
            case 6: {
              obj.expires = reader.uint64Number()
              break
            }
            case 7: {
              obj.action = RepairAction.codec().decode(reader)
              break
            }
            case 8: {
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
                field: `${prefix}.base`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.node`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.nonce`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.issued`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.expires`,
                value: reader.uint64Number()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.action`,
                value: RepairAction.codec().decode(reader)
              }
              break
            }
            case 8: {
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

  export interface RepairOrderBaseFieldEvent {
    field: '$.base'
    value: string
  }

  export interface RepairOrderNodeFieldEvent {
    field: '$.node'
    value: string
  }

  export interface RepairOrderEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface RepairOrderNonceFieldEvent {
    field: '$.nonce'
    value: Uint8Array
  }

  export interface RepairOrderIssuedFieldEvent {
    field: '$.issued'
    value: number
  }

  export interface RepairOrderExpiresFieldEvent {
    field: '$.expires'
    value: number
  }

  export interface RepairOrderActionFieldEvent {
    field: '$.action'
    value: RepairAction
  }

  export interface RepairOrderJobFieldEvent {
    field: '$.job'
    value: Uint8Array
  }

  export function encode (obj: Partial<RepairOrder>): Uint8Array {
    return encodeMessage(obj, RepairOrder.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepairOrder>): RepairOrder {
    return decodeMessage(buf, RepairOrder.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepairOrder>): Generator<RepairOrderBaseFieldEvent | RepairOrderNodeFieldEvent | RepairOrderEpochFieldEvent | RepairOrderNonceFieldEvent | RepairOrderIssuedFieldEvent | RepairOrderExpiresFieldEvent | RepairOrderActionFieldEvent | RepairOrderJobFieldEvent> {
    return streamMessage(buf, RepairOrder.codec(), opts)
  }
}

export enum RepairResult {
  REPAIR_DONE = 'REPAIR_DONE',
  REPAIR_REFUSED = 'REPAIR_REFUSED',
  REPAIR_FAILED = 'REPAIR_FAILED'
}

enum __RepairResultValues {
  REPAIR_DONE = 0,
  REPAIR_REFUSED = 1,
  REPAIR_FAILED = 2
}

export namespace RepairResult {
  export const codec = (): Codec<RepairResult> => {
    return enumeration<RepairResult>(__RepairResultValues)
  }
}

export interface RepairOutcome {
  node: string
  order: Uint8Array
  result: RepairResult
  detail: string
  finished: number
}

export namespace RepairOutcome {
  let _codec: Codec<RepairOutcome>

  export const codec = (): Codec<RepairOutcome> => {
    if (_codec == null) {
      _codec = message<RepairOutcome>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.node != null && obj.node !== '')) {
          w.uint32(10)
          w.string(obj.node)
        }

        if ((obj.order != null && obj.order.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.order)
        }

        if (obj.result != null && __RepairResultValues[obj.result] !== 0) {
          w.uint32(24)
          RepairResult.codec().encode(obj.result, w)
        }

        if ((obj.detail != null && obj.detail !== '')) {
          w.uint32(34)
          w.string(obj.detail)
        }

        if ((obj.finished != null && obj.finished !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.finished)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          node: '',
          order: uint8ArrayAlloc(0),
          result: RepairResult.REPAIR_DONE,
          detail: '',
          finished: 0
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
              obj.order = reader.bytes()
              break
            }
            case 3: {
              obj.result = RepairResult.codec().decode(reader)
              break
            }
            case 4: {
              obj.detail = reader.string()
              break
            }
            case 5: {
              obj.finished = reader.uint64Number()
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
                field: `${prefix}.order`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.result`,
                value: RepairResult.codec().decode(reader)
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.detail`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.finished`,
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

  export interface RepairOutcomeNodeFieldEvent {
    field: '$.node'
    value: string
  }

  export interface RepairOutcomeOrderFieldEvent {
    field: '$.order'
    value: Uint8Array
  }

  export interface RepairOutcomeResultFieldEvent {
    field: '$.result'
    value: RepairResult
  }

  export interface RepairOutcomeDetailFieldEvent {
    field: '$.detail'
    value: string
  }

  export interface RepairOutcomeFinishedFieldEvent {
    field: '$.finished'
    value: number
  }

  export function encode (obj: Partial<RepairOutcome>): Uint8Array {
    return encodeMessage(obj, RepairOutcome.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepairOutcome>): RepairOutcome {
    return decodeMessage(buf, RepairOutcome.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepairOutcome>): Generator<RepairOutcomeNodeFieldEvent | RepairOutcomeOrderFieldEvent | RepairOutcomeResultFieldEvent | RepairOutcomeDetailFieldEvent | RepairOutcomeFinishedFieldEvent> {
    return streamMessage(buf, RepairOutcome.codec(), opts)
  }
}
