import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BookedCommand, type BookedJob, type Driver, JobBook, Membership } from '@sluice/node'
import { FlatStore, type Journal, openJournal } from '@sluice/store'
import { type Command, createJobId, type JobOptions, PIECE_BYTES, type Receipt, ReceiptKind, Role, sha256, sign, type Signed, Visibility } from '@sluice/wire'
import { Absences } from '../src/absences.ts'
import { Registry } from '../src/registry.ts'
import { type Identity, identity } from './identity.ts'
import { LoneDriver } from './lone-driver.ts'

export const EPOCH = 3
const DAY_MS = 86_400_000
const NO_BYTES = new Uint8Array()

export interface SignedPut {
  readonly command: Signed<'command'>
  readonly pieces: readonly Uint8Array[]
  readonly page: Signed<'page'>
  readonly root: Uint8Array
}

/** What is on a base's desk: journal, book, registry and the keys of all who sign; no network. */
export class Desk {
  readonly base: Identity
  readonly provider: Identity
  readonly nodes: readonly Identity[]
  readonly journal: Journal
  readonly membership: Membership
  readonly absences: Absences
  readonly registry: Registry
  readonly driver: LoneDriver
  jobs: JobBook
  /** What the intake calls durable goes where the test wants it. */
  onDurable: (job: string, seq: number, pieces: Uint8Array) => void = () => {}
  readonly #chains = new Map<string, Array<Signed<'receipt'>>>()

  private constructor (folder: string, store: FlatStore, base: Identity, provider: Identity, nodes: readonly Identity[]) {
    this.base = base
    this.provider = provider
    this.nodes = nodes
    this.journal = openJournal(join(folder, 'journal.sqlite'))
    this.jobs = new JobBook(this.journal, base.peer, 'base')
    this.membership = new Membership(base.peer)
    this.absences = new Absences(this.journal, Date.now())
    this.registry = new Registry({ key: base.key, self: base.peer, epoch: EPOCH, journal: this.journal, membership: this.membership, absences: this.absences })
    this.driver = new LoneDriver(base.peer, { journal: this.journal, jobs: this.jobs, store, onDurable: (...durable) => this.onDurable(...durable) })
  }

  static async open (folder: string, { nodes: count = 3 }: { nodes?: number } = {}): Promise<Desk> {
    const spool = join(folder, 'spool')
    mkdirSync(spool)
    const nodes = await Promise.all(Array.from({ length: count }, (_, rank) => identity(`node ${rank}`)))
    const desk = new Desk(folder, await FlatStore.open(spool), await identity('base'), await identity('provider'), nodes)
    nodes.forEach(({ peer }, rank) => {
      desk.journal.upsertMember({ peer, role: Role.NODE, labels: [], enrolledAt: rank + 1, lastSeen: 0, uploadRate: 1_000 - rank })
    })
    return desk
  }

  async close (): Promise<void> {
    await this.driver.intake.stop()
    this.journal.close()
  }

  get asDriver (): Driver {
    return this.driver as unknown as Driver
  }

  /** A provider's request, as it would be signed by now. */
  async request (bent: { nonce?: Uint8Array, base?: string, created?: number, targets?: string[], options?: Partial<JobOptions> } = {}, provider = this.provider): Promise<Signed<'jobRequest'>> {
    const none = { name: 'a job', priority: 0, rateCap: 0, deadline: 0, waitPeriodMs: 0, waitPeriods: 0, quorum: 0, notices: [] }
    return await sign('jobRequest', { nonce: bent.nonce ?? sha256(Buffer.from(`${Math.random()}`)).slice(0, 16), base: bent.base ?? this.base.peer, created: bent.created ?? Date.now(), targets: bent.targets ?? ['all'], options: { ...none, ...bent.options } }, provider.key)
  }

  /** An open job of all nodes, in the book and with the driver. */
  async job ({ options = {}, provider = this.provider, created = Date.now() }: { options?: Partial<JobOptions>, provider?: Identity, created?: number } = {}): Promise<BookedJob> {
    const request = await this.request({ options }, provider)
    const signed = await sign('job', { id: createJobId(created), epoch: EPOCH, created, expires: options.deadline ?? Date.now() + DAY_MS, base: this.base.peer, baseAddresses: [], request: request.bytes, servers: this.nodes.map(({ peer }, rank) => ({ peer, uploadRate: 1_000 - rank })) }, this.base.key)
    const job = await this.jobs.addJob(signed.bytes, created)
    this.driver.jobAdded(job)
    return job
  }

  /** The next command of a job, as its provider signs it; `bent` replaces what it would say. */
  async command (job: BookedJob, body: Partial<Command>, bent: Partial<Command> = {}, signer = this.provider): Promise<Signed<'command'>> {
    return await sign('command', { job: job.signed.hash, seq: job.commands.length + 1, previous: this.jobs.headHash(job), track: 0, issued: Date.now(), continueAfterFailure: false, ...body, ...bent }, signer.key)
  }

  /** A put of so many full pieces as one page says it, without a manifest: a base does not read one. */
  async put (job: BookedJob, count = 2, visibility = Visibility.COMMIT): Promise<SignedPut> {
    const pieces = Array.from({ length: count }, (_, index) => new Uint8Array(PIECE_BYTES).fill(index + 1))
    const put = { destination: ['film.mp4'], pieces: count, manifestBytes: 0, chunkPieces: 1, bytes: count * PIECE_BYTES, entries: 1, visibility, lossy: false, deadlineMs: 0, single: true }
    // Without a piece there is no file: an empty folder.
    const command = await this.command(job, { put: count === 0 ? { ...put, single: false, entries: 0 } : { ...put, manifestBytes: 0, single: false } })
    const hashes = Buffer.concat(pieces.map(piece => sha256(piece)))
    const root = sha256(hashes)
    const page = await sign('page', { job: job.signed.hash, seq: command.value.seq, number: 0, firstPiece: 0, hashes, lengths: [], previous: command.hash, final: { pieces: count, bytes: count * PIECE_BYTES, root, digests: NO_BYTES, gaps: [] } }, this.provider.key)
    return { command, pieces, page, root }
  }

  /** Take a command into the book, countersigned. */
  async book (job: BookedJob, command: Signed<'command'>): Promise<BookedCommand> {
    const acceptance = await sign('acceptance', { job: job.signed.hash, seq: command.value.seq, command: command.hash, epoch: EPOCH, accepted: Date.now() }, this.base.key)
    const booked = await this.jobs.addCommand(job, command.bytes, acceptance.bytes) as BookedCommand
    this.driver.commandAdded(job, booked)
    return booked
  }

  /** A put whose final page is sealed, and the end behind it. */
  async bookWhole (job: BookedJob): Promise<SignedPut> {
    const put = await this.put(job)
    await this.book(job, put.command)
    const seal = await sign('seal', { job: job.signed.hash, seq: 1, page: put.page.hash, root: put.root, epoch: EPOCH }, this.base.key)
    await this.driver.intake.storePage(job.key, 1, put.page.bytes, seal.bytes)
    await this.book(job, await this.command(job, { end: {} }))
    return put
  }

  /** The next receipt of a node; `bent` replaces what it would truthfully say, `signer` who signs it. */
  async receipt (job: BookedJob, rank: number, kind: ReceiptKind, seq: number, bent: Partial<Receipt> = {}, signer = this.nodes[rank] as Identity): Promise<Signed<'receipt'>> {
    const chain = this.#chains.get(`${job.key}/${rank}`) ?? []
    this.#chains.set(`${job.key}/${rank}`, chain)
    const command = job.commands[seq - 1]?.signed
    const put = kind === ReceiptKind.COMMAND_COMPLETED ? command?.value.put : undefined
    const receipt = await sign('receipt', {
      node: (this.nodes[rank] as Identity).peer,
      job: job.signed.hash,
      number: chain.length + 1,
      previous: chain.at(-1)?.hash ?? job.signed.hash,
      kind,
      seq,
      command: command?.hash ?? NO_BYTES,
      bytes: put?.bytes ?? 0,
      digest: put == null ? NO_BYTES : job.pages.get(seq)?.closed?.root ?? NO_BYTES,
      sources: put == null ? [] : [{ peer: this.base.peer, bytes: put.bytes }],
      switches: 0,
      started: 1_000,
      finished: 2_000,
      reason: '',
      notApplied: [],
      gaps: [],
      ...bent
    }, signer.key)
    chain.push(receipt)
    return receipt
  }

  /** Everything a node says that completes a job of `bookWhole`. */
  async finalWords (job: BookedJob, rank: number): Promise<Array<Signed<'receipt'>>> {
    return [
      await this.receipt(job, rank, ReceiptKind.JOB_RECEIVED, 0),
      await this.receipt(job, rank, ReceiptKind.COMMAND_COMPLETED, 1),
      await this.receipt(job, rank, ReceiptKind.JOB_COMPLETED, job.commands.length)
    ]
  }

  /** A receipt straight into the journal, as if it had been recorded at `recordedAt`. */
  record (job: BookedJob, { value, bytes, hash }: Signed<'receipt'>, recordedAt: number): void {
    this.journal.addReceipt({ job: job.signed.value.id, node: value.node, number: value.number, kind: value.kind, seq: value.seq, bytes, hash, outbox: false, recordedAt })
  }
}
