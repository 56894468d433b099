import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StagedPut, TreePut } from '@sluice/store'
import { type Command, PIECE_BYTES, Visibility } from '@sluice/wire'
import { expect } from 'chai'
import { Executor } from '../src/executor.ts'
import type { BookedJob } from '../src/job-book.ts'
import type { StagedMedia } from '../src/staged-media.ts'
import { LoneNode, type SignedMedia } from './lone-node.ts'
import { rejection } from './rejection.ts'

const FILM_BYTES = 2 * PIECE_BYTES + 5

describe('Executor', () => {
  let node: LoneNode
  let job: BookedJob
  let puts: Map<number, StagedPut>
  beforeEach(async () => {
    node = await LoneNode.open()
    job = await node.book()
    puts = new Map()
  })
  afterEach(async () => {
    await node.store.close()
    node.stop()
    node.remove()
  })

  const at = (...path: string[]): string => join(node.mediaRoot, ...path)
  const outcome = (seq: number): unknown => node.journal.outcome(job.signed.value.id, seq)

  /** Bring a put in whole, and execute it. */
  async function put (visibility = Visibility.COMMIT, how = execute): Promise<number> {
    const { put, acceptance, pages, pieces }: SignedMedia = await node.media(FILM_BYTES, { bent: { visibility } })
    await node.jobs.addCommand(job, put.bytes, acceptance)
    const { seq } = put.value
    for (const { page, seal } of pages) await node.jobs.addPage(job, seq, page.bytes, seal?.bytes ?? new Uint8Array())
    const { destination, manifestBytes, bytes } = put.value.put as NonNullable<Command['put']>
    const staged = await node.store.open({ job: job.signed.value.id, seq, destination, single: true, pieces: pieces.length, manifestBytes, bytes })
    for (const [index, piece] of pieces.entries()) await staged.write(index, piece)
    puts.set(seq, staged)
    await how(seq)
    return seq
  }

  async function execute (seq: number, attempt?: AbortSignal): Promise<void> {
    const { journal, store } = node
    // As a process that was started anew: it remembers what the journal says, and nothing else.
    await new Executor({ journal, store }).execute(job, job.commands[seq - 1] as BookedJob['commands'][number], async other => ({ put: puts.get(other) }) as unknown as StagedMedia, attempt)
  }

  async function command (body: Partial<Command>): Promise<number> {
    const signed = await node.signed.command(body)
    await node.jobs.addCommand(job, signed.bytes, await node.signed.acceptance(signed))
    return signed.value.seq
  }

  async function perform (body: Partial<Command>): Promise<number> {
    const seq = await command(body)
    await execute(seq)
    return seq
  }

  it('puts, makes, changes, moves and removes, each with its outcome in the journal', async () => {
    expect(outcome(await put())).to.deep.include({ state: 'completed', bytes: FILM_BYTES })
    expect(outcome(await perform({ mkdir: { path: ['a'] } }))).to.deep.include({ state: 'completed', bytes: 0 })
    expect(outcome(await perform({ setattr: { path: ['a'], attributes: { owner: 'x', xattrs: [] } } }))).to.deep.include({ notApplied: ['owner (1 entry, the first is "/a")'] })
    await perform({ move: { from: ['film.mp4'], to: ['a', 'film'] } })
    expect(readdirSync(at('a'))).to.deep.equal(['film'])
    await perform({ remove: { path: ['a'], recursive: true } })
    expect(existsSync(at('a'))).to.equal(false)
  })

  it('shows a staged put when it is published, and not before', async () => {
    const seq = await put(Visibility.STAGED)
    expect(outcome(seq)).to.deep.include({ state: 'completed', bytes: FILM_BYTES })
    expect(existsSync(at('film.mp4'))).to.equal(false)
    await perform({ publish: { puts: [seq] } })
    expect(readFileSync(at('film.mp4'))).to.have.length(FILM_BYTES)
  })

  it('keeps what a publish rests on for as long as it is to be done again, and no longer', async () => {
    const seq = await put(Visibility.STAGED)
    const publishing = await command({ publish: { puts: [seq] } })
    const { id } = job.signed.value
    const left = (): string[] => readdirSync(at('.sluice', 'publish'))
    // Cut off behind its renames, and then again behind its outcome.
    await node.store.switchOver(`${id}-${publishing}`, [puts.get(seq) as TreePut]).run()
    node.journal.setOutcome(id, publishing, { state: 'in-progress', at: 1 })
    const executor = new Executor({ journal: node.journal, store: node.store })
    await executor.tidy()
    expect(left()).to.deep.equal([`${id}-${publishing}`])
    node.journal.setOutcome(id, publishing, { state: 'completed', at: 1, bytes: FILM_BYTES, notApplied: [] })
    await executor.tidy()
    expect(left()).to.deep.equal([])
  })

  it('shows a lossy put without what is missing when its turn comes, and names it, whatever comes later', async () => {
    const { put: signed, acceptance, pages, pieces } = await node.media(4 * PIECE_BYTES, { bent: { pieces: undefined, bytes: 0, lossy: true, deadlineMs: 1_000 } })
    await node.jobs.addCommand(job, signed.bytes, acceptance)
    const { seq } = signed.value
    for (const { page, seal } of pages) await node.jobs.addPage(job, seq, page.bytes, seal?.bytes ?? new Uint8Array())
    const { destination, manifestBytes, bytes } = signed.value.put as NonNullable<Command['put']>
    const staged = await node.store.open({ job: job.signed.value.id, seq, destination, single: true, pieces: undefined, manifestBytes, bytes })
    const isGone = (piece: number): boolean => piece === 2 || piece === 3
    for (const [index, piece] of pieces.entries()) if (!isGone(index)) await staged.write(index, piece)
    puts.set(seq, staged)
    node.journal.setOutcome(job.signed.value.id, seq, { state: 'in-progress', at: 1 })
    await execute(seq)
    const shown = Buffer.concat(pieces.filter((_, index) => index > 0 && !isGone(index)))
    expect(readFileSync(at('film.mp4')).equals(shown)).to.equal(true)
    expect(outcome(seq)).to.deep.include({ state: 'completed', bytes: shown.length, gaps: [{ firstPiece: 2, pieces: 2 }] })
    await staged.write(2, pieces[2] as Uint8Array)
    // As after a crash behind the rename: what was named stays what is missing.
    node.journal.setOutcome(job.signed.value.id, seq, { state: 'in-progress', at: 1, gaps: [{ firstPiece: 2, pieces: 2 }] })
    await execute(seq)
    expect(outcome(seq)).to.deep.include({ bytes: shown.length, gaps: [{ firstPiece: 2, pieces: 2 }] })
    expect(outcome(await perform({ verify: { path: [] } }))).to.deep.include({ state: 'completed' })
  })

  it('does nothing, and notes nothing, in a try that was abandoned', async () => {
    await put(Visibility.COMMIT, async seq => {
      expect((await rejection(execute(seq, AbortSignal.abort(new Error('abandoned'))))).message).to.equal('abandoned')
      expect(outcome(seq)).to.equal(undefined)
      expect(existsSync(at('film.mp4'))).to.equal(false)
    })
  })

  it('ends in the same tree where an abandoned try goes on beside the one that counts', async () => {
    for (let round = 0; round < 20; round++) {
      await put(Visibility.COMMIT, async seq => {
        const abandoned = new AbortController()
        const first = execute(seq, abandoned.signal).catch(() => {})
        // It is abandoned at another place each time.
        for (let turn = 0; turn < round; turn++) await new Promise(resolve => setImmediate(resolve))
        abandoned.abort(new Error('abandoned'))
        await Promise.all([first, execute(seq)])
        expect(outcome(seq)).to.deep.include({ state: 'completed', bytes: FILM_BYTES })
        expect(readFileSync(at('film.mp4'))).to.have.length(FILM_BYTES)
        expect(readdirSync(node.mediaRoot)).to.have.members(['.sluice', 'film.mp4'])
      })
    }
  })

  it('knows a move that was done before a crash from one that cannot be', async () => {
    await put()
    const seq = await command({ move: { from: ['film.mp4'], to: ['moved'] } })
    node.journal.setOutcome(job.signed.value.id, seq, { state: 'in-progress', at: 1 })
    await execute(seq)
    // The rename is durable, its outcome is not.
    node.journal.setOutcome(job.signed.value.id, seq, { state: 'in-progress', at: 1, intent: (await node.store.effects.identify(['moved'])) as string })
    await execute(seq)
    expect(outcome(seq)).to.deep.include({ state: 'completed' })
    const again = await command({ move: { from: ['film.mp4'], to: ['moved'] } })
    expect((await rejection(execute(again))).message).to.match(/\/film.mp4 does not exist/)
  })

  it('verifies what the job has, wherever it was moved, and says what is not as published', async () => {
    await put()
    await perform({ move: { from: ['film.mp4'], to: ['b', 'film'] } })
    expect(outcome(await perform({ verify: { path: [] } }))).to.deep.include({ state: 'completed', bytes: FILM_BYTES })
    renameSync(at('b', 'film'), at('b', 'other'))
    const changed = Buffer.from(readFileSync(at('b', 'other')))
    changed[PIECE_BYTES] = (changed[PIECE_BYTES] as number) ^ 1
    writeFileSync(at('b', 'film'), changed)
    const seq = await command({ verify: { path: ['b'] } })
    expect((await rejection(execute(seq))).message).to.match(/1 of 1 entries at \/b are not as published: \/b\/film differs/)
    writeFileSync(at('b', 'other'), changed)
    expect((await rejection(execute(seq))).message, 'the published file is the staged one').to.match(/piece 2 of put 1 .*/)
    expect((await rejection(execute(await command({ verify: { path: ['none'] } })))).message).to.match(/nothing at \/none/)
  })
})
