import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { utimesValue } from '../src/attributes.ts'
import { TreeStore } from '../src/index.ts'
import { buildSequence, file } from './build-sequence.ts'
import { publish } from './publish.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('attributes', () => {
  const root = temporaryFolder()

  it('says what it could not set', async () => {
    const store = await TreeStore.open(root())
    const result = await publish(store, buildSequence([file('a', 1, { owner: 'root' }), file('b', 1, { owner: 'root', mode: 0o4755 }), file('c', 1, { xattrs: [{ name: 'user.x', value: new Uint8Array() }] })]))
    expect(result.notApplied).to.deep.equal(['extended attribute "user.x" (1 entry, the first is "c")', 'mode (1 entry, the first is "b")', 'owner (2 entries, the first is "a")'])
    expect(lstatSync(join(root(), 'vod', 'b')).mode & 0o7777).to.equal(0o755)
    await store.close()
  })

  it('gives times as seconds that are never rounded into the next one', () => {
    expect(utimesValue({ xattrs: [] })).to.equal(undefined)
    expect(utimesValue({ xattrs: [], mtimeSeconds: 5 })).to.equal('5')
    expect(utimesValue({ xattrs: [], mtimeSeconds: 5, mtimeNanos: 250_000_000 })).to.equal('5.25')
    expect(utimesValue({ xattrs: [], mtimeSeconds: -5, mtimeNanos: 250_000_000 }), 'before 1970').to.equal('-4.75')
    for (const mtimeSeconds of [1_700_000_000, 4_000_000_000]) {
      expect(Math.floor(Number(utimesValue({ xattrs: [], mtimeSeconds, mtimeNanos: 999_999_999 })))).to.equal(mtimeSeconds)
    }
  })
})
