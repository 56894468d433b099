import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HASH_BYTES, PAGE_PIECES, PIECE_BYTES, sameBytes, sha256, Visibility } from '@sluice/wire'
import { expect } from 'chai'
import { PageChain } from '../src/page-chain.ts'
import { scan } from '../src/scan.ts'
import { SequenceReader } from '../src/sequence-reader.ts'
import { rejection } from './rejection.ts'
import { SyntheticJob } from './synthetic-job.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('PageChain', () => {
  const folder = temporaryFolder()

  /** Of one file of zeros, which costs no disk. */
  async function chainOf (size: number): Promise<{ chain: PageChain, reader: SequenceReader, path: string }> {
    const job = await SyntheticJob.open()
    const path = join(folder(), 'film')
    writeFileSync(path, '')
    truncateSync(path, size)
    const reader = new SequenceReader(await scan(path, true))
    const command = await job.add({ put: { destination: ['film'], pieces: reader.layout.pieces, manifestBytes: reader.manifestBytes, chunkPieces: 1, bytes: size, entries: 1, visibility: Visibility.COMMIT, lossy: false, deadlineMs: 0, single: true } })
    return { chain: new PageChain({ key: job.provider.key, job: job.job, command, reader }), reader, path }
  }

  it('makes the pages before one that is far ahead, and each once, whoever asks at the same time', async () => {
    const { chain, reader } = await chainOf(3 * PAGE_PIECES * PIECE_BYTES)
    const kept = new Map<number, Uint8Array>()
    const [third, first, again] = await Promise.all([chain.page(2), chain.page(0, kept), chain.page(2)])
    expect([first.value.number, third.value.number, again]).to.deep.equal([0, 2, third])
    expect(sameBytes(third.value.previous, chain.at(1)?.hash as Uint8Array)).to.equal(true)
    expect(chain.at(3)).to.equal(undefined)
    expect(chain.final).to.equal(undefined)
    const last = await chain.page(3, kept)
    expect(chain.final).to.equal(last)
    const hashes = [0, 1, 2, 3].map(number => chain.at(number)?.value.hashes as Uint8Array)
    expect(last.value.final).to.deep.include({ pieces: reader.layout.pieces, root: sha256(...hashes) })
    expect(hashes[3]?.length).to.equal(HASH_BYTES)
    await chain.close()
  })

  it('keeps what it reads for the page that is asked for, and no more', async () => {
    const { chain, reader } = await chainOf(PAGE_PIECES * PIECE_BYTES)
    const kept = new Map<number, Uint8Array>()
    await chain.page(1, kept)
    expect([...kept.keys()]).to.deep.equal([PAGE_PIECES])
    expect(sameBytes(kept.get(PAGE_PIECES) as Uint8Array, await reader.read(PAGE_PIECES))).to.equal(true)
    await chain.close()
    await reader.close()
  })

  it('does not let another piece pass than the one that was hashed', async () => {
    const { chain, reader } = await chainOf(2 * PIECE_BYTES)
    await chain.page(0)
    chain.verify(1, await reader.read(1))
    const error = (() => { try { chain.verify(1, new Uint8Array(PIECE_BYTES).fill(1)) } catch (cause) { return cause as Error } })()
    expect(error?.name).to.equal('SourceError')
    expect(error?.message).to.include('film changed while')
    await chain.close()
    await reader.close()
  })

  it('says what it cannot read, each time that it is asked, and makes nothing when it is closed', async () => {
    const { chain, path } = await chainOf(2 * PIECE_BYTES)
    truncateSync(path, 10)
    for (const _ of [1, 2]) expect((await rejection(chain.page(0))).name).to.equal('SourceError')
    await chain.close()
    expect((await rejection(chain.page(0))).message).to.include('no pages are made any more')
  })
})
