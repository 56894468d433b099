import type { Stream } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'
import { Gathered } from '../gathered.ts'

/** A stream that is full after every write, until it is told that it drained. */
export class FullStream extends EventTarget {
  readonly sent = new Gathered<Uint8Array>()
  writableNeedsDrain = false
  status = 'open'
  writeBufferLength = 0

  get asStream (): Stream {
    return this as unknown as Stream
  }

  send (data: Uint8Array | Uint8ArrayList): boolean {
    this.writableNeedsDrain = true
    this.writeBufferLength = Number.MAX_SAFE_INTEGER
    this.sent.push(data.slice())
    return false
  }

  drain (): void {
    this.writableNeedsDrain = false
    this.writeBufferLength = 0
    this.dispatchEvent(new Event('drain'))
  }

  abort (): void {
    this.status = 'aborted'
    this.dispatchEvent(new Event('close'))
  }
}
