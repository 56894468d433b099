import { existsSync, readFileSync } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { ProcessFleet, type ProcessPlace } from './process-fleet.ts'

describe('sluice open, add, end', () => {
  let fleet: ProcessFleet
  let nodes: ProcessPlace[]
  let provider: ProcessPlace
  before(async () => {
    fleet = new ProcessFleet()
    const base = await fleet.place('base')
    nodes = [await fleet.place('node-1'), await fleet.place('node-2')]
    provider = await fleet.place('provider')
    await fleet.startBase(base, [...nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' }])
    for (const node of nodes) await fleet.startNode(node)
    await fleet.configureProvider(provider)
  })
  after(async () => { await fleet.stop() })

  /** The exit status, and the words on stdout. */
  async function sluice (...args: string[]): Promise<[number, string, string]> {
    const run = fleet.run(...args, '-c', provider.config)
    const status = await run.exit()
    return [status, run.lines.map(line => String(line.text ?? JSON.stringify(line))).join('\n'), run.errors]
  }

  it('build a job command by command, each from a shell of its own', async () => {
    const [opened, id] = await sluice('open', '--name', 'by hand')
    expect(opened).to.equal(0)
    await writeFile(join(fleet.dir, 'one.txt'), 'one')
    const one = join(fleet.dir, 'one.txt')
    expect(await sluice('add', 'put', id, one, '--as', '/a/one.txt', '--wait')).to.deep.equal([0, '1', ''])
    for (const { media } of nodes) expect(readFileSync(join(media, 'a/one.txt'), 'utf8')).to.equal('one')
    expect(await sluice('add', 'put', id, one, '--as', '/b/two.txt', '--staged')).to.deep.equal([0, '2', ''])
    expect(await sluice('add', 'publish', id, '2', '--wait')).to.deep.equal([0, '3', ''])
    expect(await sluice('add', 'setattr', id, '/b/two.txt', '--mode', '600')).to.deep.equal([0, '4', ''])
    expect(await sluice('add', 'mkdir', id, '/c', '--mode', '750')).to.deep.equal([0, '5', ''])
    expect(await sluice('add', 'move', id, '/a/one.txt', '/c/moved.txt')).to.deep.equal([0, '6', ''])
    expect(await sluice('add', 'remove', id, '/a', '-r')).to.deep.equal([0, '7', ''])
    expect(await sluice('add', 'barrier', id)).to.deep.equal([0, '8', ''])
    const [verified, settled] = await sluice('add', 'verify', id, '/b', '--wait', '--json')
    expect(verified).to.equal(0)
    expect(JSON.parse(settled)).to.deep.equal({ type: 'command.settled', job: id, seq: 9, servers: Object.fromEntries(nodes.map(({ peer }) => [peer, 'completed'])) })
    const [failed, said] = await sluice('add', 'move', id, '/none', '/other', '--wait', '--track', '7')
    expect([failed, said]).to.deep.equal([4, `10: done on 0 of 2 servers; \`sluice job ${id} --json\` says why`])
    expect((await sluice('end', id))[0]).to.equal(0)
    expect((await sluice('job', id, '--watch'))[0], 'one command failed everywhere').to.equal(4)
    for (const { media } of nodes) {
      expect([existsSync(join(media, 'a')), readFileSync(join(media, 'c/moved.txt'), 'utf8')]).to.deep.equal([false, 'one'])
      expect((await stat(join(media, 'b/two.txt'))).mode & 0o777).to.equal(0o600)
    }
    const [late, , why] = await sluice('add', 'mkdir', id, '/late')
    expect(late).to.equal(4)
    expect(why).to.match(/is closed: open another/)
  })

  it('say what is wrong with what they are asked', async () => {
    for (const [args, status, message] of [
      [['add', 'put', 'x', './nothing-here', '--as', '/x'], 4, /job|x/],
      [['add', 'publish', 'x', 'two'], 2, /"two" is no whole number/],
      [['add', 'setattr', 'x', '/x'], 2, /nothing is to be changed/],
      [['end', 'no-such-job'], 4, /no-such-job/]
    ] as Array<[string[], number, RegExp]>) {
      const [got, , errors] = await sluice(...args)
      expect(got, args.join(' ')).to.equal(status)
      expect(errors).to.match(message)
    }
  })
})
