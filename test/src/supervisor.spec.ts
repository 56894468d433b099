import { appendFileSync, chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silent } from '@sluice/node'
import { expect } from 'chai'
import { RESTART_STATUS, supervise } from '../../src/supervisor.ts'
import { feedWatchdogs, supervised, supervisedRestart } from '../../src/watchdog.ts'
import { eventually } from '../e2e/eventually.ts'

/** Long for a process that lives, short for a test. */
const SILENCE_MS = 3_000

describe('a supervisor', () => {
  let folder: string
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'sluice-supervisor-')) })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** Run children that execute `body`; `run` is which of them it is, from 1. @returns the status, and how many there were */
  async function run (body: string): Promise<[status: number, children: number]> {
    const log = join(folder, 'runs')
    const script = `
      const { appendFileSync, readFileSync } = require('node:fs')
      appendFileSync(${JSON.stringify(log)}, 'x')
      const run = readFileSync(${JSON.stringify(log)}).length
      ${body}`
    const status = await supervise({ args: ['--eval', script], log: silent, silenceMs: SILENCE_MS })
    return [status, readFileSync(log).length]
  }

  it('passes on how its child ends', async () => {
    expect(await run('process.exit(0)')).to.deep.equal([0, 1])
    rmSync(join(folder, 'runs'))
    expect(await run('process.exit(3)')).to.deep.equal([3, 1])
  })

  it('starts it again when it asks for it', async () => {
    expect(await run(`process.exit(run < 3 ? ${RESTART_STATUS} : 0)`)).to.deep.equal([0, 3])
  })

  it('but three times an hour only', async () => {
    expect(await run(`process.exit(${RESTART_STATUS})`)).to.deep.equal([4, 4])
  })

  it('kills one whose event loop is frozen, and starts it again', async () => {
    expect(await run('process.send({ type: "alive" }, () => { if (run > 1) process.exit(0); for (;;); })')).to.deep.equal([0, 2])
  })

  it('kills one that is stopped, too', async () => {
    expect(await run('process.send({ type: "alive" }, () => { if (run > 1) process.exit(0); process.kill(process.pid, "SIGSTOP") })')).to.deep.equal([0, 2])
  })

  it('leaves one alone that goes on with its heartbeats', async () => {
    expect(await run('let beats = 0; setInterval(() => { process.send({ type: "alive" }); if (++beats === 8) process.exit(0) }, 500)')).to.deep.equal([0, 1])
  })
})

describe('a watchdog', () => {
  let folder: string
  let path: string | undefined
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-watchdog-'))
    path = process.env.PATH
    const notify = join(folder, 'systemd-notify')
    writeFileSync(notify, `#!/bin/sh\necho "$@" >> ${join(folder, 'heard')}\n`)
    chmodSync(notify, 0o755)
    process.env.PATH = `${folder}:${path}`
  })
  afterEach(() => {
    process.env.PATH = path
    rmSync(folder, { recursive: true, force: true })
  })

  const heard = (): string[] => existsSync(join(folder, 'heard')) ? readFileSync(join(folder, 'heard'), 'utf8').trim().split('\n') : []
  const systemd = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '200000' }

  it('of systemd hears that the process is ready, and that it is well', async () => {
    const end = feedWatchdogs(async () => {}, silent, systemd)
    await eventually('systemd is told twice that all is well', () => heard().filter(line => line === 'WATCHDOG=1').length >= 2)
    end()
    expect(heard()).to.include('READY=1')
  })

  it('hears nothing where nobody asked for it', async () => {
    feedWatchdogs(async () => { appendFileSync(join(folder, 'heard'), 'probe') }, silent, {})()
    expect(heard()).to.deep.equal([])
  })

  it('of systemd hears no more when the store does not answer', async () => {
    const end = feedWatchdogs(async () => { throw new Error('no disk') }, silent, systemd)
    let before = -1
    await eventually('it falls silent', async () => {
      const now = heard().length
      // Longer than it takes between two words of one that is well, on a busy machine.
      const quiet = now === before
      before = now
      await new Promise(resolve => setTimeout(resolve, 2_000))
      return quiet && heard().length === now && now > 0
    })
    end()
  })

  it('makes a restart possible, and nothing else does', () => {
    expect([supervised({}), supervised({ SLUICE_SUPERVISED: '1' }), supervised(systemd)]).to.deep.equal([false, true, true])
    expect(supervisedRestart()).to.equal(undefined)
  })
})
