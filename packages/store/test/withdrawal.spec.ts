import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { stampOf, withdraw } from '../src/index.ts'
import type { FileStamp } from '../src/published-table.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('withdraw', () => {
  const root = temporaryFolder()
  const place = ['vod', 'film']
  const path = (): string => join(root(), ...place)
  const stamp = (): FileStamp => stampOf(lstatSync(path(), { bigint: true }))
  beforeEach(() => {
    mkdirSync(join(root(), 'vod'))
    writeFileSync(path(), 'old')
  })

  it('removes the file that is meant, and nothing is left of it', async () => {
    expect(await withdraw(root(), place, stamp())).to.equal('removed')
    expect(existsSync(path())).to.equal(false)
    expect(existsSync(join(root(), '.sluice/trash/withdrawn'))).to.equal(false)
    expect(await withdraw(root(), place, { size: 3, mtimeNs: 1n, ino: 1n })).to.equal('gone')
    expect(await withdraw(root(), ['nowhere', 'film'], { size: 3, mtimeNs: 1n, ino: 1n })).to.equal('gone')
  })

  it('leaves what has taken its place', async () => {
    const meant = stamp()
    writeFileSync(path(), 'a newer one')
    utimesSync(path(), 5, 5)
    expect(await withdraw(root(), place, meant)).to.equal('replaced')
    expect(readFileSync(path(), 'utf8')).to.equal('a newer one')
    expect(await withdraw(root(), ['vod'], meant), 'a folder').to.equal('replaced')
  })

  it('goes through no link', async () => {
    symlinkSync(join(root(), 'vod'), join(root(), 'link'))
    expect(await rejection(withdraw(root(), ['link', 'film'], stamp()))).to.have.property('code', 'unsafe-path')
    expect(existsSync(path())).to.equal(true)
  })
})
