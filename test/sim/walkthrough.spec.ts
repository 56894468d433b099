import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { walkthrough } from '../simulator/walkthrough.ts'

const FILE = fileURLToPath(new URL('../../../test/sim/walkthrough.txt', import.meta.url))

describe('walkthrough', () => {
  it('is what happens', () => {
    expect(walkthrough() === readFileSync(FILE, 'utf8'), 'the core behaves differently now: read what `npm run sim -- --walkthrough > test/sim/walkthrough.txt` writes, and commit it if that is as it should be').to.equal(true)
  })

  it('shows what it promises: a hand-over, a loss, and a chunk that goes on elsewhere from the piece where it stopped', () => {
    const text = walkthrough()
    expect(text).to.match(/hands over the job .*is now n0's to approach/)
    expect(text).to.contain('THE CONNECTION BREAKS')
    expect(text).to.contain('FROM ITS PIECE')
    expect(text.match(/that the job is complete here/g)).to.have.length(3)
  })
})
