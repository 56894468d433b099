import { open, type Put, type Signed } from '@sluice/wire'
import { SourceError } from './errors.ts'

/** A put that stands in a job's queue. */
export interface QueuedPut {
  readonly seq: number
  readonly put: Put
  /** As it was signed: who goes on with it signs no other. */
  readonly command: Signed<'command'>
  /** The base holds all of it durably. */
  readonly done: boolean
  readonly cancelled: boolean
  /** Hashes of its pages that the base has, by number. */
  readonly pages: ReadonlyMap<number, Uint8Array>
}

/** What the base has of a job's commands, for a provider that takes the job up again. */
export interface JobQueue {
  /** Commands that were accepted; the last one's seq. */
  readonly head: number
  /** Its end command is among them. */
  readonly ended: boolean
  readonly puts: readonly QueuedPut[]
}

/** The base's answer to the question for a job's evidence, as far as it concerns the queue. */
export interface QueueAnswer {
  readonly commands: ReadonlyArray<{ readonly command: string }>
  readonly uploads: ReadonlyArray<{ readonly seq: number, readonly done: boolean, readonly pages: ReadonlyArray<readonly [number, string]> }>
}

/** @throws {EnvelopeError} if a command is not what was signed */
export async function readQueue ({ commands, uploads }: QueueAnswer): Promise<JobQueue> {
  const signed = await Promise.all(commands.map(({ command }) => open('command', Buffer.from(command, 'base64'))))
  const cancelled = new Set(signed.flatMap(({ value }) => value.cancel?.seq ?? []))
  return {
    head: signed.length,
    ended: signed.at(-1)?.value.end != null,
    puts: signed.flatMap(command => {
      const { put, seq } = command.value
      if (put == null) return []
      const upload = uploads.find(each => each.seq === seq)
      return { seq, put, command, done: upload?.done === true, cancelled: cancelled.has(seq), pages: new Map(upload?.pages.map(([number, hash]) => [number, Buffer.from(hash, 'base64')])) }
    })
  }
}

/**
 * Whether what is here now can be what a put was given for: as far as its command says.
 *
 * @throws {SourceError} if not
 */
export function checkSame ({ seq, put }: QueuedPut, now: Put, local: string): void {
  const keys = ['pieces', 'manifestBytes', 'bytes', 'entries', 'single'] as const
  if (put.destination.join('/') === now.destination.join('/') && keys.every(key => put[key] === now[key])) return
  throw new SourceError(`${local} is not what put ${seq} of this job was given for (${put.entries} entries, ${put.bytes} bytes, at /${put.destination.join('/')}): name what it was, unchanged, or publish it by a job of its own`)
}
