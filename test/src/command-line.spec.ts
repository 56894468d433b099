import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
const PEER = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'

interface Result { status: number, stdout: string, stderr: string }

/** The program as a process: its exit status is a contract. */
function sluice (...args: string[]): Promise<Result> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [MAIN, ...args], (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }))
  })
}

describe('command line', () => {
  let dir: string
  before(async () => { dir = await mkdtemp(join(tmpdir(), 'sluice-cli-')) })
  after(() => rm(dir, { recursive: true, force: true }))

  it('greets a newcomer with its help', async () => {
    const { status, stdout } = await sluice()
    expect(status).to.equal(0)
    expect(stdout).to.match(/Usage: sluice/).and.match(/publish/)
  })

  it('prints a schema that is JSON', async () => {
    const { status, stdout } = await sluice('schema')
    expect(status).to.equal(0)
    expect(JSON.parse(stdout)).to.have.nested.property('properties.members.items.properties.peer')
  })

  const USAGE: Array<[name: string, args: string[], message: RegExp]> = [
    ['an unknown command', ['pubish'], /unknown command 'pubish'[\s\S]*publish/],
    ['an unknown option', ['jobs', '--jsn'], /unknown option '--jsn'[\s\S]*--json/],
    ['a missing argument', ['publish'], /missing required argument/],
    ['a missing option', ['init', 'node'], /--dir/],
    ['a role that is none', ['init', 'nod', '--dir', 'x'], /base, node, provider/],
    ['a base address that is none', ['init', 'node', '--dir', 'x', '--base', '/ip4/1.2.3.4/tcp/1'], /--base .* does not end in \/p2p\/PEER/],
    ['a configuration that is not there', ['start', '-c', '/nowhere/sluice.yaml'], /\/nowhere\/sluice.yaml:1:1: cannot be read/],
    ['a path that is not there', ['publish', '/nowhere/film.mp4'], /\/nowhere\/film.mp4 does not exist/],
    ['a target that is none', ['publish', MAIN, '--to', 'everyone'], /--to "everyone"/],
    ['a quorum that is none', ['publish', MAIN, '--quorum', '0'], /--quorum/],
    ['a bundle that is not there', ['verify', '/nowhere/bundle.json', '--base', PEER], /\/nowhere\/bundle.json cannot be read/],
    ['a base that is no peer', ['verify', MAIN, '--base', 'x'], /--base "x" is not a peer id/],
    ['a duration that is none', ['invite', 'node', '--expires', 'soon'], /--expires "soon"/]
  ]
  for (const [name, args, message] of USAGE) {
    it(`exits 2 for ${name}`, async () => {
      const { status, stdout, stderr } = await sluice(...args)
      expect(stderr).to.match(message)
      expect(stderr).to.not.match(/\n +at /)
      expect(stdout).to.equal('')
      expect(status).to.equal(2)
    })
  }

  it('says errors on stdout too where a script reads', async () => {
    for (const args of [['publish', '/nowhere', '--json'], ['publish', '--json'], ['jobs', '--json', '-c', '/nowhere']]) {
      const { status, stdout } = await sluice(...args)
      expect(status).to.equal(2)
      expect(JSON.parse(stdout)).to.include({ type: 'error' })
    }
  })

  it('makes a base, a node and a provider, and never twice', async () => {
    const base = await sluice('init', 'base', '--dir', join(dir, 'base'), '--listen', '/ip4/127.0.0.1/tcp/4100', '--json')
    expect(base.status, base.stderr).to.equal(0)
    const { peer, address, key, config } = JSON.parse(base.stdout) as Record<string, string>
    expect(address).to.equal(`/ip4/127.0.0.1/tcp/4100/p2p/${peer}`)
    expect((await stat(key ?? '')).mode & 0o777).to.equal(0o600)
    for (const role of ['node', 'provider']) {
      const made = await sluice('init', role, '--dir', join(dir, role), '--base', address ?? '')
      expect(made.status, made.stderr).to.equal(0)
      expect(made.stdout).to.match(/^peer {5}12D3KooW/)
    }
    const text = await readFile(config ?? '', 'utf8')
    const again = await sluice('init', 'base', '--dir', join(dir, 'base'))
    expect(again.status).to.equal(2)
    expect(again.stderr).to.match(/exists already/)
    expect(await readFile(config ?? '', 'utf8')).to.equal(text)
  })

  it('names the line that is wrong in a configuration', async () => {
    const file = join(dir, 'bad.yaml')
    await writeFile(file, 'dataDir: d\nlisten: [/ip4/0.0.0.0/tcp/0]\nmebmers: []\n')
    const { status, stderr } = await sluice('start', '-c', file)
    expect(status).to.equal(2)
    expect(stderr).to.include(`${file}:3:1: mebmers`).and.include('did you mean `members`')
  })
})
