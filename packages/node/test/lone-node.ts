import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Journal, openJournal, TreeStore } from '@sluice/store'
import { encodeManifest, EntryType, Layout, type Put, type Signed } from '@sluice/wire'
import { type BookedJob, JobBook } from '../src/job-book.ts'
import { piecesOf, SignedJob, type SignedPage } from './signed-job.ts'

/** So late that only the test itself, or a stop, makes a checkpoint. */
export const NEVER = { bytes: Number.MAX_SAFE_INTEGER, ms: 2 ** 30 }

/** A signed put of one file, with all that belongs to it. */
export interface SignedMedia {
  readonly put: Signed<'command'>
  readonly acceptance: Uint8Array
  readonly pieces: Uint8Array[]
  readonly pages: SignedPage[]
}

/** What a media server has on its disk: journal, book and store in a folder of their own; it can be restarted. */
export class LoneNode {
  readonly folder: string
  readonly signed: SignedJob
  journal!: Journal
  jobs!: JobBook
  store!: TreeStore

  private constructor (folder: string, signed: SignedJob) {
    this.folder = folder
    this.signed = signed
  }

  static async open (): Promise<LoneNode> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-node-'))
    mkdirSync(join(folder, 'media'))
    const node = new LoneNode(folder, await SignedJob.open())
    await node.start()
    return node
  }

  get mediaRoot (): string {
    return join(this.folder, 'media')
  }

  async start (marginBytes = 0): Promise<void> {
    this.journal = openJournal(join(this.folder, 'journal.sqlite'))
    this.jobs = new JobBook(this.journal, this.signed.base.peer, 'node')
    await this.fill(marginBytes)
  }

  /** Another store, which leaves so many bytes free. */
  async fill (marginBytes: number): Promise<void> {
    this.store = await TreeStore.open(this.mediaRoot, { marginBytes })
  }

  /** As a process that ends: what is open is closed, what is in memory is gone. */
  stop (): void {
    this.journal.close()
  }

  remove (): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** The next command of the queue: a file of `lengths` bytes, all pieces behind one another. */
  async media (length: number, { perPage, bent = {} }: { perPage?: number, bent?: Partial<Put> } = {}): Promise<SignedMedia> {
    const entry = { path: [], type: EntryType.FILE, size: length, digest: new Uint8Array(), target: [] }
    const manifest = encodeManifest([entry])
    const layout = new Layout(manifest.length, [entry])
    const pieces = piecesOf(...Array.from({ length: layout.pieces }, (_, piece) => layout.pieceLength(piece)))
    pieces[0]?.set(manifest)
    const put = await this.signed.put(layout.pieces, { manifestBytes: manifest.length, bytes: length, ...bent })
    const acceptance = await this.signed.acceptance(put)
    return { put, acceptance, pieces, pages: await this.signed.pages(put, pieces, perPage == null ? {} : { perPage }) }
  }

  /** The job in the book, with these puts in its queue. */
  async book (...media: readonly SignedMedia[]): Promise<BookedJob> {
    const job = await this.jobs.addJob(this.signed.job.bytes, Date.now())
    for (const { put, acceptance } of media) await this.jobs.addCommand(job, put.bytes, acceptance)
    return job
  }
}
