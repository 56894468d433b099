import { mkdir, readdir, readFile, lstat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createProvider, type Job, type Provider } from '@sluice/sdk'
import { supersededBy } from '@sluice/wire'
import { expect } from 'chai'
import fc from 'fast-check'
import { eventually } from '../e2e/eventually.ts'
import { ProcessFleet, type ProcessPlace, type Run } from '../e2e/process-fleet.ts'
import { broughtBy, type Scripted, script, TRACKS } from './command-script.ts'
import { expectedOf } from './reference.ts'
import { FOLDER_MODE } from './tree-model.ts'
import { wireCommand } from './wire-command.ts'

/** The 100 take some minutes, with real processes and disks; in `npm test` a sample has to do. */
const RUNS = process.env.SLUICE_TEST_FULL == null ? 4 : 100
const NODES = 2
const FILE_MODE = 0o644

/** A random job, and after which of its commands which node is killed, if any is. */
const drawn = fc.sample(fc.record({ commands: script, killAfter: fc.nat(14), victim: fc.nat(NODES - 1) }), { numRuns: RUNS, seed: 5 })

/** As TreeModel has it: path, mode, content; times are the e2e job's business. */
async function linesOf (root: string, below = ''): Promise<string[]> {
  const lines: string[] = []
  for (const name of (await readdir(join(root, below)).catch(() => []))) {
    const path = below === '' ? name : `${below}/${name}`
    const stat = await lstat(join(root, path))
    const mode = (stat.mode & 0o7777).toString(8)
    if (stat.isDirectory()) lines.push(`${path}/ ${mode}`, ...await linesOf(root, path))
    else lines.push(`${path} ${mode} ${await readFile(join(root, path), 'utf8')}`)
  }
  return lines.sort()
}

describe('commands on real servers and disks, killed and started again', () => {
  const fleet = new ProcessFleet()
  const nodes: ProcessPlace[] = []
  const runs: Run[] = []
  let provider: Provider

  before(async () => {
    const base = await fleet.place('base')
    const place = await fleet.place('provider')
    for (let i = 1; i <= NODES; i++) nodes.push(await fleet.place(`node-${i}`))
    await fleet.startBase(base, [...nodes.map(node => ({ place: node, role: 'node' as const })), { place, role: 'provider' }])
    for (const node of nodes) runs.push(await fleet.startNode(node))
    provider = await createProvider({ dataDir: join(place.dir, 'data'), base: fleet.address })
  })
  after(async () => {
    await provider?.stop()
    await fleet.stop()
  })

  /** Write what a put brings, and give it. */
  async function put (job: Job, root: string, command: Scripted & { kind: 'put' }): Promise<void> {
    const source = join(fleet.dir, 'sources', root, String(command.seq))
    for (const { path, content } of broughtBy(command)) {
      const local = join(source, path)
      if (content == null) await mkdir(local, { recursive: true, mode: FOLDER_MODE })
      else {
        await mkdir(join(local, '..'), { recursive: true })
        await writeFile(local, content, { mode: FILE_MODE })
      }
    }
    const { track, continueAfterFailure, staged } = command
    await job.put(join(source, command.path), `/${root}/${command.path}`, { track, continueAfterFailure, staged })
  }

  async function give (job: Job, root: string, command: Scripted): Promise<void> {
    const { track, continueAfterFailure } = command
    const options = { track, continueAfterFailure }
    const at = (path: string): string => `/${root}/${path}`
    switch (command.kind) {
      case 'put': return await put(job, root, command)
      case 'mkdir': await job.mkdir(at(command.path), { ...options, attributes: { mode: command.mode } }); break
      case 'setattr': await job.setAttributes(at(command.path), { mode: command.mode }, options); break
      case 'move': await job.move(at(command.from), at(command.to), options); break
      case 'remove': await job.remove(at(command.path), { ...options, recursive: command.recursive }); break
      case 'publish': await job.publish(command.puts, options); break
      case 'verify': await job.verify(at(command.path), options); break
      case 'barrier': await job.barrier(command.tracks, options); break
      case 'cancel': await job.cancel(command.target, 'enough', options); break
    }
  }

  /** Markers of one track, the newest looked at first: where one is, those before it must be by then. */
  async function observe (root: string, markers: ReadonlyMap<number, number[]>): Promise<void> {
    for (const node of nodes) {
      for (const [track, seqs] of markers) {
        let later: number | undefined
        for (const seq of seqs.toReversed()) {
          const isThere = await lstat(join(node.media, root, `t${track}`, `marker-${seq}`)).then(() => true, () => false)
          expect(later != null && !isThere, `${node.name}: command ${later} is seen before ${seq}`).to.equal(false)
          if (isThere) later = seq
        }
      }
    }
  }

  drawn.forEach(({ commands: random, killAfter, victim }, index) => {
    const root = `job-${index}`
    it(`${index + 1} of ${RUNS}: ends in the model's tree and states`, async function () {
      this.timeout(120_000)
      // Behind every command a folder of its own that nothing else touches, to see the order by.
      const commands: Scripted[] = []
      const renumbered = new Map<number, number>()
      const markers = new Map<number, number[]>()
      for (const command of random) {
        const seq = commands.length + 1
        renumbered.set(command.seq, seq)
        const target = (old: number): number => renumbered.get(old) as number
        commands.push({ ...command, seq, ...command.kind === 'publish' ? { puts: command.puts.map(target) } : command.kind === 'cancel' ? { target: target(command.target) } : {} } as Scripted)
        if (command.track >= TRACKS) continue
        commands.push({ kind: 'mkdir', path: `t${command.track}/marker-${seq + 1}`, mode: undefined, seq: seq + 1, track: command.track, continueAfterFailure: true })
        markers.set(command.track, [...markers.get(command.track) ?? [], seq + 1])
      }
      const job = await provider.openJob({ to: 'all' })
      let done = false
      const observing = (async () => { while (!done) await observe(root, markers) })()
      observing.catch(() => {})
      for (const command of commands) {
        await give(job, root, command)
        if (command.seq === killAfter) {
          await runs[victim]?.stop('SIGKILL')
          runs[victim] = await fleet.startNode(nodes[victim] as ProcessPlace)
        }
      }
      await job.end()
      const closed = await job.closed()
      done = true
      await observing

      const values = commands.map(command => wireCommand(command))
      const { lines } = await provider.job(job.id)
      expect(closed.servers.map(({ peer }) => peer)).to.have.members(nodes.map(({ peer }) => peer))
      for (const node of nodes) {
        const states = lines.find(({ peer }) => peer === node.peer)?.commands ?? []
        const those = (wanted: (line: typeof states[number]) => boolean): Set<number> => new Set(states.filter(wanted).map(({ seq }) => seq))
        const expected = expectedOf(commands, {
          cancelled: those(({ reason }) => reason?.startsWith('cancelled') === true),
          superseded: those(({ state }) => state === 'superseded')
        }, seq => supersededBy(values[seq - 1] as typeof values[number], other => values[other - 1]))
        expect(states.map(({ seq, state }) => [seq, state]), `${node.name}: ${JSON.stringify(states)}`).to.deep.equal(commands.map(({ seq }) => [seq, expected.states.get(seq)]))
        await eventually(`the tree of ${node.name}`, async () => (await linesOf(join(node.media, root))).join() === expected.tree.lines().join())
      }
    })
  })
})
