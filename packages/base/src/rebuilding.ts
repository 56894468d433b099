import { type Journal, JournalConflict } from '@sluice/store'
import { type Job, open, type recall, type Signed, sameBytes } from '@sluice/wire'

/** What is told at most of what contradicts. */
const MAX_PROBLEMS = 100

/** The job that objects are to be of. */
interface Owner {
  readonly job: Signed<'job'> & { readonly value: Job }
  readonly provider: string
}

/** A journal that grows again out of what nodes have kept: nothing gets in that is not signed by whom it must be. */
export class Rebuilding {
  jobs = 0
  receipts = 0
  /** The highest that was found. */
  epoch = 0
  readonly problems: string[] = []
  readonly #journal: Journal
  readonly #base: string
  #turn: Promise<void> = Promise.resolve()

  constructor (journal: Journal, base: string) {
    this.#journal = journal
    this.#base = base
  }

  /** One part of what a node tells. Parts of several nodes are taken one after the other. */
  async take (node: string, part: recall.RecallReply): Promise<void> {
    const turn = this.#turn.then(async () => { await this.#take(node, part) })
    this.#turn = turn.catch(() => {})
    await turn
  }

  async #take (node: string, { job: id, signed, objects }: recall.RecallReply): Promise<void> {
    if (signed.length > 0) await this.#guard(`job ${id} of ${node}`, async () => { await this.#job(signed) })
    const row = this.#journal.job(id)
    if (row == null) return
    const job = await open('job', row.bytes, this.#base)
    const provider = (await open('jobRequest', job.value.request)).signer
    const owner: Owner = { job, provider }
    for (const object of objects) await this.#guard(`what ${node} holds of job ${id}`, async () => { await this.#object(owner, node, object) })
  }

  /** What is wrong with one object is told, and does not keep the others out. */
  async #guard (what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const isTheirs = error instanceof JournalConflict || error instanceof RebuildingError || (error as Error).name === 'EnvelopeError'
      if (!isTheirs) throw error
      if (this.problems.length < MAX_PROBLEMS) this.problems.push(`${what}: ${(error as Error).message}`)
    }
  }

  async #job (bytes: Uint8Array): Promise<void> {
    const { value, hash } = await open('job', bytes, this.#base)
    const request = await open('jobRequest', value.request)
    this.#journal.transaction(() => {
      // The same request must not open a second job.
      this.#journal.redeem(request.value.nonce, `${request.signer}/${value.id}`)
      if (this.#journal.putJob({ id: value.id, hash, bytes, created: value.created, expires: value.expires, role: 'base' }) === 'added') this.jobs++
    })
    this.epoch = Math.max(this.epoch, value.epoch)
  }

  async #object (owner: Owner, node: string, { command, page, receipt }: recall.RecalledObject): Promise<void> {
    if (command != null) await this.#command(owner, command)
    else if (page != null) await this.#page(owner, page)
    else if (receipt != null) await this.#receipt(owner, node, receipt)
  }

  async #command ({ job, provider }: Owner, { command, acceptance }: recall.RecalledCommand): Promise<void> {
    const signed = await open('command', command)
    const accepted = await open('acceptance', acceptance, this.#base)
    const { value } = signed
    if (signed.signer !== provider && signed.signer !== this.#base) throw new RebuildingError(`command ${value.seq} is signed by ${signed.signer}`)
    if (!sameBytes(value.job, job.hash) || !sameBytes(accepted.value.command, signed.hash)) throw new RebuildingError(`command ${value.seq} and its acceptance do not belong together`)
    this.#journal.putCommand(job.value.id, value.seq, { bytes: command, hash: signed.hash, acceptance })
    this.epoch = Math.max(this.epoch, accepted.value.epoch)
  }

  async #page ({ job, provider }: Owner, { seq, page, seal }: recall.RecalledPage): Promise<void> {
    const signed = await open('page', page, provider)
    const sealed = await open('seal', seal, this.#base)
    if (!sameBytes(signed.value.job, job.hash) || signed.value.seq !== seq || !sameBytes(sealed.value.page, signed.hash)) throw new RebuildingError(`page ${signed.value.number} of put ${seq} and its seal do not belong together`)
    this.#journal.putPage(job.value.id, seq, signed.value.number, { bytes: page, hash: signed.hash, firstPiece: signed.value.firstPiece, seal })
    this.epoch = Math.max(this.epoch, sealed.value.epoch)
  }

  async #receipt ({ job }: Owner, node: string, bytes: Uint8Array): Promise<void> {
    const { value, hash } = await open('receipt', bytes, node)
    if (value.node !== node || !sameBytes(value.job, job.hash)) throw new RebuildingError(`receipt ${value.number} is not of this node and job`)
    const last = this.#journal.lastReceipt(job.value.id, node)
    if (value.number > (last?.number ?? 0) && !sameBytes(value.previous, last?.hash ?? job.hash)) throw new RebuildingError(`receipt ${value.number} is not chained to the one before it`)
    const added = this.#journal.addReceipt({ job: job.value.id, node, number: value.number, kind: value.kind, seq: value.seq, bytes, hash, outbox: false, recordedAt: Date.now() })
    if (added === 'added') this.receipts++
  }
}

class RebuildingError extends Error {
  override readonly name = 'RebuildingError'
}
