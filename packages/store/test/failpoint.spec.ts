import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseFailpoints, watchBoundaries } from '../src/failpoint.ts'
import { openJournal } from '../src/index.ts'
import { thrown } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const PROCESS = new URL('./journal-process.js', import.meta.url).pathname

describe('failpoint', () => {
  const folder = temporaryFolder()
  const run = (env: NodeJS.ProcessEnv, ...args: string[]): ReturnType<typeof spawnSync> => spawnSync(process.execPath, [PROCESS, join(folder(), 'journal.db'), ...args], { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 20_000 })

  it('acts at the passing it was set for, and at no other', () => {
    const recorded: string[] = []
    let kills = 0
    const pass = watchBoundaries(parseFailpoints('before-a:2:kill,after-a:1:EIO'), name => recorded.push(name), () => { kills++ })
    pass('before-a')
    expect(kills).to.equal(0)
    pass('before-a')
    pass('before-a')
    expect(kills).to.equal(1)
    expect(thrown(() => { pass('after-a') })).to.have.property('code', 'EIO')
    pass('after-a')
    expect(recorded).to.deep.equal(['before-a', 'after-a'])
  })

  it('refuses what is no failpoint, and says what one looks like', () => {
    for (const text of ['', 'before-a', 'before-a:0:kill', 'before-a:1:explode', 'a:1:kill', 'before-a:1:kill,']) {
      expect(thrown(() => parseFailpoints(text)), text).to.be.instanceOf(RangeError).and.to.have.property('message').that.matches(/NAME:NTH:ACTION/)
    }
  })

  it('kills the process before a commit, which then has not happened, and after it, when it has', () => {
    for (const [name, expected] of [['before-journal-meta', undefined], ['after-journal-meta', 'number']] as const) {
      expect(run({ SLUICE_FAILPOINT: `${name}:1:kill` }).signal, name).to.equal('SIGKILL')
      const journal = openJournal(join(folder(), 'journal.db'))
      expect(journal.meta.get('visited') == null ? undefined : 'number', name).to.equal(expected)
      journal.close()
    }
  })

  it('does not try a journal again whose disk has failed, though the next attempt would succeed', () => {
    const { stdout } = run({ SLUICE_FAILPOINT: 'before-journal-meta:1:EIO' }, 'again')
    expect(String(stdout).trim().split('\n')).to.have.lengthOf(2)
    expect(stdout).to.match(/^failed: unwritable\n.*cannot be read or written .*check the disk/)
    const journal = openJournal(join(folder(), 'journal.db'))
    expect(journal.meta.get('visited')).to.equal(undefined)
    journal.close()
  })

  it('lets a commit fail as a full disk does, and records what was passed', () => {
    const file = join(folder(), 'boundaries')
    const { stdout } = run({ SLUICE_FAILPOINT: 'before-journal-meta:1:ENOSPC', SLUICE_FAILPOINT_RECORD: file })
    expect(stdout).to.match(/cannot grow .*: free some space/)
    expect(readFileSync(file, 'utf8').trim().split('\n')).to.include.members(['before-journal-schema', 'after-journal-schema', 'before-journal-meta'])
  })
})
