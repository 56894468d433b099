import { expect } from 'chai'
import { Bitmap, type Journal } from '../src/index.ts'
import { bytes, journalWithJob } from './open-journal.ts'

describe('ProgressTable', () => {
  const open = journalWithJob()
  let journal: Journal
  beforeEach(() => { journal = open() })

  it('knows how far each command has come', () => {
    journal.putCommand('j1', 1, { bytes: bytes(1), hash: bytes(2) })
    const bitmap = new Bitmap()
    bitmap.set(9)
    journal.setProgress('j1', 1, { pieces: bitmap.toBytes(), sources: { a: 5 }, switches: 0, startedAt: 3 })
    bitmap.set(10)
    journal.setProgress('j1', 1, { pieces: bitmap.toBytes(), sources: { a: 5, b: 6 }, switches: 1, startedAt: 3 })
    const progress = journal.progress('j1', 1)
    expect([...Bitmap.fromBytes(progress?.pieces as Uint8Array).pieces()]).to.deep.equal([9, 10])
    expect(progress).to.deep.include({ sources: { a: 5, b: 6 }, switches: 1, startedAt: 3 })
    journal.setOutcome('j1', 1, { state: 'in-progress', at: 4 })
    journal.setOutcome('j1', 1, { state: 'failed', at: 5, reason: 'no-space' })
    expect([...journal.outcomes('j1')]).to.deep.equal([[1, { state: 'failed', at: 5, reason: 'no-space' }]])
  })
})
