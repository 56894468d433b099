import type { PrivateKey } from '@libp2p/interface'
import type { Ctp, Session } from '@sluice/node'
import { type Command, type Job as JobValue, type Signed, sign } from '@sluice/wire'
import { RefusedError } from './errors.ts'
import type { CommandOptions } from './command-options.ts'
import { Upload } from './upload.ts'

export interface CommandLineInit {
  readonly key: PrivateKey
  readonly base: string
  readonly ctp: Ctp
  readonly session: Session
  readonly signal: AbortSignal
  readonly job: Signed<'job'> & { readonly value: JobValue }
  readonly onAccepted: (seq: number, kind: string) => void
}

/** What a command does, beside its place in the queue. */
export type CommandBody = Partial<Pick<Command, 'put' | 'mkdir' | 'setattr' | 'move' | 'remove' | 'publish' | 'verify' | 'barrier' | 'cancel' | 'end'>>

export interface Accepted {
  readonly upload: Upload
  readonly command: Signed<'command'>
  readonly seq: number
}

/** How often a command is signed anew because others of the same provider were faster. */
const MAX_OVERTAKEN = 16

/**
 * A job's commands on their way to the base, one after the other: each names
 * the one before it, so it is signed when that one was accepted.
 */
export class CommandLine {
  readonly #init: CommandLineInit
  #head: number
  #headHash: Uint8Array
  #turn: Promise<unknown> = Promise.resolve()

  constructor (init: CommandLineInit, head: number, headHash: Uint8Array) {
    this.#init = init
    this.#head = head
    this.#headHash = headHash
  }

  /**
   * @param prepare - makes the body when its turn has come: a command given after this one comes after it, however long that takes
   * @returns when the base has accepted it
   * @throws {RefusedError} with the base's reason
   */
  async give (prepare: () => Promise<CommandBody>, options: CommandOptions = {}, onProgress: (bytes: number) => void = () => {}): Promise<Accepted> {
    const turn = this.#turn.then(async () => await this.#submit(await prepare(), options, onProgress))
    this.#turn = turn.catch(() => {})
    return await turn
  }

  async #submit (body: CommandBody, { track = 0, continueAfterFailure = false, signal }: CommandOptions, onProgress: (bytes: number) => void): Promise<Accepted> {
    const { key, base, ctp, job } = this.#init
    for (let attempt = 0; ; attempt++) {
      const seq = this.#head + 1
      const command = await sign('command', { job: job.hash, seq, previous: this.#headHash, track, issued: Date.now(), continueAfterFailure, ...body }, key)
      const upload = new Upload({ ctp, base, key, job, command, signal: AbortSignal.any([this.#init.signal, ...signal == null ? [] : [signal]]), onProgress })
      try {
        await upload.command()
      } catch (error) {
        // Another process of this provider may have added to the same job meanwhile: then this one comes behind.
        if (error instanceof RefusedError && attempt < MAX_OVERTAKEN && await this.#catchUp().catch(() => false)) continue
        throw error
      }
      this.#head = seq
      this.#headHash = command.hash
      this.#init.onAccepted(seq, Object.keys(body)[0] as string)
      return { upload, command, seq }
    }
  }

  /** @returns whether the queue's head is another one than was known here */
  async #catchUp (): Promise<boolean> {
    const line = await this.#init.session.open(this.#init.base, this.#init.signal)
    try {
      await line.request({ attach: this.#init.job.value.id })
      const { opened } = await line.nextEvent(this.#init.signal)
      if (opened == null || opened.head <= this.#head) return false
      this.#head = opened.head
      this.#headHash = opened.headHash
      return true
    } finally {
      await line.close()
    }
  }
}
