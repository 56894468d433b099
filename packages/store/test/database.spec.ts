import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect } from 'chai'
import { JournalError, openJournal, type Journal } from '../src/index.ts'
import { thrown } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const PROCESS = new URL('./journal-process.js', import.meta.url).pathname

describe('Database', () => {
  const folder = temporaryFolder()
  const open: Journal[] = []
  const processes: ChildProcess[] = []
  afterEach(async () => {
    for (const journal of open.splice(0)) journal.close()
    for (const child of processes.splice(0)) {
      if (child.exitCode == null && child.signalCode == null && child.kill('SIGKILL')) await once(child, 'exit')
    }
  })
  const path = (): string => join(folder(), 'journal.db')
  const journalAt = (at = path()): Journal => {
    const journal = openJournal(at)
    open.push(journal)
    return journal
  }
  const visit = async (): Promise<{ child: ChildProcess, says: string }> => {
    const child = spawn(process.execPath, [PROCESS, path()], { stdio: ['ignore', 'pipe', 'inherit'] })
    processes.push(child)
    const [said] = await once(child.stdout as NodeJS.ReadableStream, 'data')
    return { child, says: String(said).trim() }
  }

  it('keeps values, and counters that never fall', () => {
    let journal = journalAt()
    journal.meta.set('name', 'north')
    journal.meta.raise('epoch', 3)
    journal.meta.raise('epoch', 3)
    expect(thrown(() => { journal.meta.raise('epoch', 2) })).to.be.instanceOf(JournalError).and.to.have.property('code', 'fallen')
    expect(thrown(() => { journal.meta.raise('epoch', Number.NaN) })).to.have.property('code', 'fallen')
    journal.close()
    journal = journalAt()
    expect(journal.meta.get('name')).to.equal('north')
    expect(journal.meta.get('epoch')).to.equal(3)
    expect(journal.meta.get('other')).to.equal(undefined)
  })

  it('is in write-ahead mode with full synchronisation', () => {
    const journal = journalAt()
    journal.meta.set('a', 1)
    journal.close()
    // Of the three only the first is kept in the file; the others are asserted when it is opened.
    const raw = new DatabaseSync(path())
    expect(raw.prepare('PRAGMA journal_mode').get()).to.deep.include({ journal_mode: 'wal' })
    raw.close()
  })

  it('does all of a transaction or none of it', () => {
    const journal = journalAt()
    expect(thrown(() => journal.transaction(() => {
      journal.meta.set('a', 1)
      journal.transaction(() => { journal.meta.set('b', 1) })
      throw new Error('no')
    })).message).to.equal('no')
    expect(journal.meta.get('a')).to.equal(undefined)
    expect(journal.meta.get('b')).to.equal(undefined)
    expect(thrown(() => journal.transaction(async () => {})).message).to.contain('cannot wait')
    expect(journal.transaction(() => 7)).to.equal(7)
  })

  it('belongs to one process, whose pid it tells, and to the next when that one was killed', async () => {
    const { child, says } = await visit()
    expect(says).to.equal('open')
    const error = thrown(() => openJournal(path()))
    expect(error).to.have.property('code', 'in-use')
    expect(error.message).to.contain(`in use by another sluice process (pid ${child.pid})`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(existsSync(`${path()}.pid`), 'the mark of an unclean end').to.equal(true)
    const journal = journalAt()
    expect(journal.meta.get('visited')).to.equal(child.pid)
    expect((await visit()).says).to.contain(`(pid ${process.pid})`)
    expect(thrown(() => openJournal(path())), 'nor twice in one process').to.have.property('code', 'in-use')
    journal.close()
    expect(existsSync(`${path()}.pid`)).to.equal(false)
  })

  it('refuses a newer version, and leaves it alone', () => {
    const raw = new DatabaseSync(path())
    raw.exec('PRAGMA user_version = 99')
    raw.close()
    const error = thrown(() => openJournal(path()))
    expect(error).to.have.property('code', 'newer')
    expect(error.message).to.contain('version 99').and.to.contain('install the newer')
    const after = new DatabaseSync(path())
    expect(after.prepare('PRAGMA user_version').get()).to.deep.include({ user_version: 99 })
    after.close()
  })

  it('refuses what is no database, and one that was damaged before an unclean end', () => {
    writeFileSync(path(), 'this is no database, and long enough not to be taken for an empty one'.repeat(100))
    expect(thrown(() => openJournal(path()))).to.have.property('code', 'corrupt')

    const damaged = join(folder(), 'damaged.db')
    const journal = journalAt(damaged)
    for (let i = 0; i < 300; i++) journal.meta.set(`name ${i}`, 'x'.repeat(500))
    journal.close()
    const bytes = readFileSync(damaged)
    bytes.fill(0xff, 30 * 4096, 34 * 4096)
    writeFileSync(damaged, bytes)
    writeFileSync(`${damaged}.pid`, '1')
    const error = thrown(() => openJournal(damaged))
    expect(error).to.have.property('code', 'corrupt')
    expect(error.message).to.contain(damaged).and.to.contain('backup')
  })

  it('says what is wrong with its folder', () => {
    expect(thrown(() => openJournal(join(folder(), 'none', 'journal.db')))).to.have.property('code', 'unwritable')
    if (process.getuid?.() === 0) return
    chmodSync(folder(), 0o500)
    expect(thrown(() => openJournal(path())).message).to.contain('cannot be written')
    chmodSync(folder(), 0o700)
  })

  it('has what was committed even if nothing was closed', () => {
    const journal = journalAt()
    journal.meta.set('a', 'committed')
    const copy = join(folder(), 'copy.db')
    copyFileSync(path(), copy)
    copyFileSync(`${path()}-wal`, `${copy}-wal`)
    expect(journalAt(copy).meta.get('a')).to.equal('committed')
  })
})
