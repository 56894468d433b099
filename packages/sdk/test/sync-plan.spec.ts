import { type Entry, EntryType, sha256 } from '@sluice/wire'
import { expect } from 'chai'
import fc from 'fast-check'
import { type HeldTree, planSync, type SyncStep } from '../src/sync-plan.ts'

/** A file by its content, a folder by a slash at its end. */
type Tree = Readonly<Record<string, string>>

function entriesOf (tree: Tree, mtimeSeconds = 1): Entry[] {
  const keys = new Set<string>()
  for (const key of Object.keys(tree)) {
    const parts = key.replace(/\/$/, '').split('/')
    for (let depth = 1; depth < parts.length; depth++) keys.add(`${parts.slice(0, depth).join('/')}/`)
    keys.add(key)
  }
  return [...keys].sort().map(key => {
    const isFolder = key.endsWith('/')
    const content = tree[key] ?? ''
    return { path: key.replace(/\/$/, '').split('/'), type: isFolder ? EntryType.DIRECTORY : EntryType.FILE, size: content.length, attributes: { mode: 0o644, mtimeSeconds, xattrs: [] }, digest: isFolder ? new Uint8Array() : sha256(Buffer.from(content)), target: [] }
  })
}

const held = (nodes: string[], tree: Tree): HeldTree => ({ nodes, entries: entriesOf(tree) })
const sent = (local: readonly Entry[], { put, held: from }: SyncStep): string[] => put.filter(at => local[at]?.type === EntryType.FILE && !from.has(at)).map(at => local[at]?.path.join('/') as string)

describe('sync plan', () => {
  it('has no step where everything is the same', () => {
    const tree = { 'a.ts': 'a', 'b/c.ts': 'c' }
    expect(planSync(entriesOf(tree), [held(['n'], tree)], { remove: true }).steps).to.deep.equal([])
  })

  it('names what is added, changed and removed, and keeps what nobody asked to remove', () => {
    const local = entriesOf({ 'same.ts': 's', 'changed.ts': 'new', 'added.ts': 'x' })
    const trees = [held(['n'], { 'same.ts': 's', 'changed.ts': 'old', 'gone/one.ts': '1', 'gone/two.ts': '2' })]
    const plan = planSync(local, trees, { remove: true })
    expect(plan).to.deep.include({ added: ['added.ts'], changed: ['changed.ts'], removed: ['gone', 'gone/one.ts', 'gone/two.ts'], kept: [] })
    expect(plan.steps).to.have.lengthOf(1)
    expect(sent(local, plan.steps[0] as SyncStep)).to.deep.equal(['added.ts', 'changed.ts'])
    expect(plan.steps[0]?.remove, 'a folder goes with what is in it').to.deep.equal([['gone']])
    expect(planSync(local, trees, { remove: false })).to.deep.include({ removed: [], kept: ['gone', 'gone/one.ts', 'gone/two.ts'] })
  })

  it('sends each thing to those that lack it, in one step each, and uploads nothing twice', () => {
    const local = entriesOf({ 'old.ts': 'o', 'new.ts': 'n' })
    const { steps } = planSync(local, [held(['one', 'two'], { 'old.ts': 'o' }), held(['empty'], {})], { remove: false })
    expect(steps.map(step => [step.nodes, sent(local, step)])).to.have.deep.members([[['one', 'two', 'empty'], ['new.ts']], [['empty'], ['old.ts']]])
  })

  it('takes content that is there already under another name', () => {
    const local = entriesOf({ 'renamed.ts': 'content' })
    const { steps } = planSync(local, [held(['n'], { 'was.ts': 'content' })], { remove: true })
    expect([...steps[0]?.held ?? []]).to.deep.equal([[0, ['was.ts']]])
    expect(steps[0]?.remove).to.deep.equal([['was.ts']])
  })

  it('takes nothing from a file that the same step replaces', () => {
    const local = entriesOf({ 'a.ts': 'one', 'b.ts': 'two' })
    const { steps } = planSync(local, [held(['n'], { 'a.ts': 'two', 'b.ts': 'one' })], { remove: true })
    expect(steps[0]?.held.size).to.equal(0)
    expect(sent(local, steps[0] as SyncStep)).to.deep.equal(['a.ts', 'b.ts'])
  })

  it('clears a folder where a file must go only where removal was asked for', () => {
    const local = entriesOf({ x: 'file' })
    const trees = [held(['n'], { 'x/inside.ts': '1' })]
    expect(planSync(local, trees, { remove: true }).steps[0]?.clear).to.deep.equal([['x']])
    expect(planSync(local, trees, { remove: false }).obstructed).to.deep.equal(['x'])
  })

  it('tells changed attributes from changed content, to the second', () => {
    const local = entriesOf({ 'a.ts': 'a' }, 2)
    const { steps, attributes, changed } = planSync(local, [held(['n'], { 'a.ts': 'a' })], { remove: true })
    expect([attributes, changed, steps[0]?.setattr, steps[0]?.put]).to.deep.equal([['a.ts'], [], [0], []])
  })

  it('ends, whatever the servers held, in what is here', () => {
    const path = fc.constantFrom('a', 'b', 'c/a', 'c/b', 'c/d/a', 'd', 'd/a', 'b/a')
    const tree = fc.array(fc.tuple(path, fc.constantFrom('1', '22', '333', '')), { maxLength: 6 }).map(pairs => {
      const result: Record<string, string> = {}
      for (const [key, content] of pairs) {
        // No tree has a file and a folder of one name.
        if (Object.keys(result).every(other => other !== key && !other.startsWith(`${key}/`) && !key.startsWith(`${other}/`))) result[key] = content
      }
      return result
    })
    fc.assert(fc.property(tree, fc.array(tree, { minLength: 1, maxLength: 3 }), (here, there) => {
      const local = entriesOf(here)
      const disks = there.map(each => new Map(entriesOf(each).map(entry => [entry.path.join('/'), entry])))
      const { steps } = planSync(local, there.map((each, i) => held([String(i)], each)), { remove: true })
      for (const step of steps) for (const node of step.nodes) apply(disks[Number(node)] as Map<string, Entry>, local, step)
      const wanted = local.map(text)
      for (const disk of disks) expect([...disk.values()].map(text).sort()).to.deep.equal([...wanted].sort())
    }), { numRuns: 500 })
  })
})

const text = ({ path, type, digest }: Entry): string => `${path.join('/')} ${type} ${Buffer.from(digest).toString('hex')}`

/** What a server makes of a step. */
function apply (disk: Map<string, Entry>, local: readonly Entry[], step: SyncStep): void {
  const remove = (path: readonly string[]): void => { for (const key of [...disk.keys()]) if (key === path.join('/') || key.startsWith(`${path.join('/')}/`)) disk.delete(key) }
  for (const path of step.clear) remove(path)
  for (const at of step.put) {
    const entry = local[at] as Entry
    const key = entry.path.join('/')
    const source = step.held.get(at)
    if (source != null) expect(Buffer.from(disk.get(source.join('/'))?.digest ?? []).toString('hex'), `${key} of ${source.join('/')}`).to.equal(Buffer.from(entry.digest).toString('hex'))
    const parent = disk.get(entry.path.slice(0, -1).join('/'))
    expect(entry.path.length === 1 || parent?.type === EntryType.DIRECTORY, `${key} has its folder`).to.equal(true)
    expect(disk.get(key) == null || (disk.get(key)?.type === EntryType.DIRECTORY) === (entry.type === EntryType.DIRECTORY), `${key} is not in the way`).to.equal(true)
    disk.set(key, entry)
  }
  for (const path of step.remove) remove(path)
}
