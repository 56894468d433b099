import type { PrivateKey } from '@libp2p/interface'
import { type BookedJob, type Closing, type Driver, type JobBook, putShape, type Upload } from '@sluice/node'
import { across, Bitmap, failpoint, type Journal, type PutShape } from '@sluice/store'
import { type ctp, open, sameBytes, sign, Visibility } from '@sluice/wire'
import { ReceivedBytes } from './received-bytes.ts'

export interface UploadsInit {
  readonly key: PrivateKey
  readonly epoch: number
  readonly journal: Journal
  readonly jobs: JobBook
  readonly driver: () => Driver
  /** Whether there is room for a put. */
  readonly reserve: (shape: PutShape) => Promise<void>
  /** A command is accepted, journalled and on its way. */
  readonly onAccepted: (job: BookedJob, seq: number) => void
}

type Reply = (message: ctp.CtpReply) => void

/**
 * Takes commands and their media from providers: journals, countersigns, and
 * says what is durable. At most one command is ever accepted for a place in a
 * queue, and one final page for a put.
 */
export class Uploads {
  readonly #init: UploadsInit
  /** Who waits to hear that the pieces of a put are durable: `job/seq`. */
  readonly #waiting = new Map<string, { readonly reply: Reply, readonly interrupt: (error: Error) => void }>()
  /** Commands of one job are accepted one after the other. */
  readonly #accepting = new Map<string, Promise<void>>()

  constructor (init: UploadsInit) {
    this.#init = init
  }

  /** One ctp stream of `provider`. */
  begin (provider: string, reply: Reply, interrupt: (error: Error) => void = () => {}): Upload {
    let current: { job: BookedJob, seq: number } | undefined
    let received: ReceivedBytes | undefined
    const put = (): { job: BookedJob, seq: number } => {
      if (current == null) throw new Error('media came before its command')
      return current
    }
    const attach = (job: BookedJob, seq: number): void => {
      current = { job, seq }
      this.#waiting.set(`${job.key}/${seq}`, { reply, interrupt })
      const { put } = job.commands[seq - 1]?.signed.value ?? {}
      if (put?.visibility === Visibility.ARRIVING && put.pieces != null) received ??= new ReceivedBytes(bytes => reply({ received: bytes }))
    }
    return {
      command: async ({ job: id, command }) => {
        const before = this.#acceptedBefore(id, command)
        if (before != null) return reply({ accepted: before })
        const job = this.#own(provider, id)
        const seq = await this.#inTurn(job, () => this.#accept(job, command, reply))
        attach(job, seq)
      },
      resume: async ({ job: id, seq }) => {
        const job = this.#own(provider, id)
        if (job.pages.get(seq) == null) throw new Error(`command ${seq} of job ${id} is no put`)
        // What came on a connection that broke is here, and need not come again: it only has to be made durable.
        await (await this.#init.driver().intake.media(job, seq)).checkpoint()
        attach(job, seq)
        this.durable(job.key, seq, this.#init.journal.progress(id, seq)?.pieces ?? new Uint8Array())
      },
      page: async bytes => {
        const { job, seq } = put()
        await this.#page(job, seq, bytes)
      },
      piece: async (piece, bytes) => {
        const { job, seq } = put()
        await this.#init.driver().intake.storePiece(undefined, job.key, seq, piece, bytes)
        received?.add(bytes.length)
      },
      ended: () => {
        received?.close()
        if (current != null && this.#waiting.get(`${current.job.key}/${current.seq}`)?.reply === reply) this.#waiting.delete(`${current.job.key}/${current.seq}`)
      }
    }
  }

  /** The disk has lost what the provider has sent: as long as he is here he sends it again, when he asks what is durable. */
  lost (key: string, seq: number): void {
    this.#waiting.get(`${key}/${seq}`)?.interrupt(new Error(`the base has lost a piece of command ${seq}`))
  }

  /** Pieces of a put are durable here: its provider need not keep them. */
  durable (key: string, seq: number, pieces: Uint8Array): void {
    const reply = this.#waiting.get(`${key}/${seq}`)?.reply
    const pages = this.#init.jobs.get(key)?.pages.get(seq)
    if (reply == null || pages == null) return
    const bitmap = Bitmap.fromBytes(pieces)
    failpoint('before-pieces-acknowledged')
    reply({ durable: { ranges: rangesOf(bitmap, pieces.length * 8), pages: pages.count } })
    failpoint('after-pieces-acknowledged')
    const seal = pages.closed == null || !holdsAll(bitmap, pages.closed) ? undefined : [...pages].at(-1)?.seal
    if (seal != null) reply({ sealed: seal })
  }

  /** Viewers wait for pieces of a put: its provider is to send them next, if it is here. Who waits says so again. */
  fetch (key: string, seq: number, first: number, end: number): void {
    this.#waiting.get(`${key}/${seq}`)?.reply({ want: { first, end } })
  }

  /** The base cannot keep a put: its provider need not wait. */
  failed (key: string, seq: number, reason: string): void {
    this.#waiting.get(`${key}/${seq}`)?.reply({ refused: reason })
  }

  #own (provider: string, id: string): BookedJob {
    const job = this.#init.jobs.byId(id)
    if (job == null) throw new Error(this.#init.journal.job(id) == null ? `job ${id} is not known here` : `job ${id} is closed: open another`)
    if (job.provider !== provider) throw new Error(`job ${id} is another provider's`)
    return job
  }

  /** A job may be over, by its end command, before the provider has heard that this was accepted: after a restart of the base, say. */
  #acceptedBefore (id: string, command: Uint8Array): Uint8Array | undefined {
    const { jobs, journal } = this.#init
    if (jobs.byId(id) != null) return undefined
    return journal.commands(id).find(({ bytes }) => sameBytes(bytes, command))?.acceptance
  }

  async #inTurn<T> (job: BookedJob, work: () => Promise<T>): Promise<T> {
    const turn = (this.#accepting.get(job.key) ?? Promise.resolve()).then(work)
    this.#accepting.set(job.key, turn.then(() => {}, () => {}))
    return await turn
  }

  async #accept (job: BookedJob, bytes: Uint8Array, reply: Reply): Promise<number> {
    const { key, epoch, jobs, driver, onAccepted } = this.#init
    const { value, hash } = await jobs.checkCommand(job, bytes)
    const known = job.commands[value.seq - 1]
    if (known != null) {
      // The same command again: its provider did not hear us the first time.
      reply({ accepted: known.acceptance })
      return value.seq
    }
    const head = job.commands.length
    if (value.seq !== head + 1) throw new Error(`command ${value.seq} does not follow ${head}, the last of job ${job.signed.value.id}`)
    if (job.commands.at(-1)?.signed.value.end != null) throw new Error(`job ${job.signed.value.id} has ended: open another`)
    // Media is accepted only where there is room for it: before the command takes its place in the queue.
    if (value.put != null) await this.#init.reserve(putShape(job, value.seq, value.put))
    const acceptance = await across('acceptance-signed', async () => await sign('acceptance', { job: job.signed.hash, seq: value.seq, command: hash, epoch, accepted: Date.now() }, key))
    const booked = await jobs.addCommand(job, bytes, acceptance.bytes)
    if (booked == null) throw new Error(`command ${value.seq} of job ${job.signed.value.id} was overtaken by another`)
    driver().commandAdded(job, booked)
    onAccepted(job, value.seq)
    failpoint('before-command-acknowledged')
    reply({ accepted: acceptance.bytes })
    failpoint('after-command-acknowledged')
    return value.seq
  }

  async #page (job: BookedJob, seq: number, bytes: Uint8Array): Promise<void> {
    const { key, epoch, journal, driver } = this.#init
    const page = await open('page', bytes, job.provider)
    let seal: Uint8Array = new Uint8Array()
    const { final } = page.value
    if (final != null) {
      const put = job.commands[seq - 1]?.signed.value.put
      if (put?.pieces != null && (final.pieces !== put.pieces || final.bytes !== put.bytes)) throw new Error(`the final page closes ${final.pieces} pieces and ${final.bytes} bytes; its command said ${put.pieces} and ${put.bytes}`)
      const held = [...job.pages.get(seq) ?? []].at(-1)
      if (held != null && (held.number > page.value.number || (held.seal.length > 0 && held.number !== page.value.number))) throw new Error(`page ${page.value.number} cannot be the final one: page ${held.number} is here`)
      const known = journal.page(job.signed.value.id, seq, page.value.number)?.seal
      seal = known ?? (await across('seal-signed', async () => await sign('seal', { job: job.signed.hash, seq, page: page.hash, root: final.root, epoch }, key))).bytes
    }
    await driver().intake.storePage(job.key, seq, bytes, seal)
    // A put without a piece is complete with its page.
    if (page.value.final?.pieces === 0) this.durable(job.key, seq, new Uint8Array())
  }
}

/** Every piece but those that the provider left out. */
function holdsAll (bitmap: Bitmap, { pieces, gaps }: Closing): boolean {
  let next = 0
  for (const { first, end } of gaps) {
    if (!bitmap.complete(first, next)) return false
    next = end
  }
  return bitmap.complete(pieces, next)
}

function rangesOf (bitmap: Bitmap, length: number): Array<{ first: number, end: number }> {
  const ranges: Array<{ first: number, end: number }> = []
  let first: number | undefined
  for (let i = 0; i <= length; i++) {
    const has = i < length && bitmap.get(i)
    if (has) first ??= i
    else if (first != null) {
      ranges.push({ first, end: i })
      first = undefined
    }
  }
  return ranges
}
