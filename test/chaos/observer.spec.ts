import { mkdtemp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { flipByte, publishedFiles } from './damage.ts'
import type { Member } from './fleet.ts'
import { digestOf, Observer } from './observer.ts'

describe('the observer of media roots', () => {
  let dir: string
  let observer: Observer

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sluice-observer-'))
    await writeFile(join(dir, 'one'), 'one')
    observer = new Observer([{ name: 'node-1', path: dir }], new Map([['/one', new Set([await digestOf(join(dir, 'one'))])]]))
  })
  afterEach(async () => { await rm(dir, { recursive: true }) })

  it('sees what is there, and nothing wrong with it', async () => {
    await mkdir(join(dir, '.sluice/staging'), { recursive: true })
    await writeFile(join(dir, '.sluice/staging/half'), 'half a')
    const listings = await observer.stop()
    expect([...listings.get('node-1')?.keys() ?? []]).to.deep.equal(['/one'])
    expect(observer.violations).to.deep.equal([])
  })

  it('notices other content in the place, and a file that nobody published', async () => {
    await writeFile(join(dir, 'new'), 'two')
    await rename(join(dir, 'new'), join(dir, 'one'))
    await writeFile(join(dir, 'stray'), 'one')
    await observer.stop()
    expect(observer.violations.join('\n')).to.match(/shows \/one .*\n.*shows \/stray /)
  })

  it('does not blame others for what the suite has damaged, and for what comes after it does', async () => {
    const damaged = await flipByte(await publishedFiles({ media: dir } as Member), 5, async path => { await observer.spoil(path) })
    expect(damaged).to.match(/^byte \d of .*one$/)
    await observer.stop()
    expect(observer.violations).to.deep.equal([])
    await writeFile(join(dir, 'new'), 'two')
    await rename(join(dir, 'new'), join(dir, 'one'))
    await observer.stop()
    expect(observer.violations).to.have.lengthOf(1)
  })
})
