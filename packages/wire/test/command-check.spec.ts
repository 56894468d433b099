import { expect } from 'chai'
import { checkCommand, type Command, commandKind, commandPaths, isWithin, type Put, supersededBy, Visibility } from '../src/index.ts'

const NO_BYTES = new Uint8Array()
type Body = Partial<Command>

function queueOf (...bodies: Body[]): Command[] {
  return bodies.map((body, index) => ({ job: NO_BYTES, seq: index + 1, previous: NO_BYTES, track: 0, issued: 0, continueAfterFailure: false, ...body }))
}

const put = (path: string, { single = true, staged = false } = {}): Body => ({ put: { destination: path.split('/'), manifestBytes: 0, chunkPieces: 1, bytes: 0, entries: 1, visibility: staged ? Visibility.STAGED : Visibility.COMMIT, lossy: false, deadlineMs: 0, single } })
const lossyPut = (bent: Partial<Put> = {}): Body => ({ put: { ...put('live.ts').put as Put, lossy: true, deadlineMs: 2_000, ...bent } })
const remove = (path: string, recursive = true): Body => ({ remove: { path: path.split('/'), recursive } })

function check (...bodies: Body[]): string {
  const commands = queueOf(...bodies)
  try {
    checkCommand(commands.at(-1) as Command, seq => commands[seq - 1])
    return ''
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
}

describe('command check', () => {
  for (const [name, bodies] of [
    ['a lossy live put', [lossyPut()]],
    ['a mkdir', [{ mkdir: { path: ['a'], attributes: { mode: 0o7777, mtimeSeconds: -5, mtimeNanos: 999_999_999, xattrs: [{ name: 'user.title', value: NO_BYTES }] } } }]],
    ['a setattr of the root', [{ setattr: { path: [], attributes: { mode: 0o700, xattrs: [] } } }]],
    ['a move', [{ move: { from: ['a'], to: ['ab'] } }]],
    ['a publish of staged puts', [put('a', { staged: true }), { publish: { puts: [1] } }]],
    ['a cancel of a put', [put('a'), { cancel: { seq: 1, reason: '' } }]],
    ['a barrier of all tracks', [{ barrier: { tracks: [] } }]],
    ['a verify of everything', [{ verify: { path: [] } }]]
  ] as Array<[string, Body[]]>) it(`takes ${name}`, () => { expect(check(...bodies)).to.equal('') })

  for (const [name, bodies, message] of [
    ['a lossy put of known length', [lossyPut({ pieces: 4 })], /only a live put, one file of unknown length/],
    ['a lossy put without a deadline', [lossyPut({ deadlineMs: 0 })], /deadline of 0 ms is not between 200 and 60000/],
    ['a deadline of a put that is not lossy', [lossyPut({ lossy: false })], /a deadline is for lossy puts/],
    ['no kind at all', [{}], /of a kind that is not known here: update/],
    ['a path that leads out', [{ mkdir: { path: ['..'] } }], /PathError.*would leave its folder/],
    ['our own folder', [remove('.sluice')], /PathError.*is reserved/],
    ['the root\'s removal', [{ remove: { path: [], recursive: true } }], /media root itself cannot be removed: name something in it/],
    ['the root\'s move', [{ move: { from: [], to: ['a'] } }], /cannot be moved/],
    ['a move into itself', [{ move: { from: ['a'], to: ['a', 'b'] } }], /\/a cannot be moved into itself/],
    ['a setattr of nothing', [{ setattr: { path: ['a'] } }], /changes nothing/],
    ['a mode of too many bits', [{ mkdir: { path: ['a'], attributes: { mode: 0o10000, xattrs: [] } } }], /mode of 010000 has more/],
    ['nanoseconds without seconds', [{ mkdir: { path: ['a'], attributes: { mtimeNanos: 1, xattrs: [] } } }], /belong to seconds/],
    ['an attribute that is no name', [{ mkdir: { path: ['a'], attributes: { xattrs: [{ name: 'title', value: NO_BYTES }] } } }], /no name of an extended attribute/],
    ['too large attributes', [{ mkdir: { path: ['a'], attributes: { xattrs: [{ name: 'user.a', value: new Uint8Array(33_000) }] } } }], /more than 32768/],
    ['a publish of nothing', [{ publish: { puts: [] } }], /names 1 to 1000 puts/],
    ['a publish of what is no put', [{ mkdir: { path: ['a'] } }, { publish: { puts: [1] } }], /command 1 is no put before this one/],
    ['a publish of what comes later', [{ publish: { puts: [2] } }, put('a', { staged: true })].reverse() as Body[], /command 2 is no put before/],
    ['a publish of what appears by itself', [put('a'), { publish: { puts: [1] } }], /put 1 is not a staged one/],
    ['the same put twice', [put('a', { staged: true }), { publish: { puts: [1, 1] } }], /the same put twice/],
    ['a cancel of what is no put', [{ mkdir: { path: ['a'] } }, { cancel: { seq: 1, reason: '' } }], /only a put can be cancelled/]
  ] as Array<[string, Body[], RegExp]>) it(`refuses ${name}, and says how to mend it`, () => { expect(check(...bodies)).to.match(message) })

  it('knows kinds and paths', () => {
    const commands = queueOf(put('a', { staged: true }), { publish: { puts: [1] } }, { move: { from: ['a'], to: ['b'] } }, { end: {} })
    expect(commands.map(commandKind)).to.deep.equal(['put', 'publish', 'move', 'end'])
    expect(commands.map(command => commandPaths(command, seq => commands[seq - 1]))).to.deep.equal([[['a']], [['a']], [['a'], ['b']], []])
    expect([isWithin(['a', 'b'], ['a']), isWithin(['a'], ['a']), isWithin(['ab'], ['a']), isWithin([], ['a'])]).to.deep.equal([true, true, false, false])
  })
})

describe('what a command makes needless', () => {
  for (const [name, bodies, superseded] of [
    ['a playlist that is put again', [put('live/index'), put('live/1'), put('live/index')], [1]],
    ['every earlier one of it', [put('a'), put('a'), put('a')], [1, 2]],
    ['a file that is removed', [put('a'), remove('a', false)], [1]],
    ['a tree that is removed, with what was put into it', [put('a', { single: false }), put('a/b'), put('c'), remove('a')], [1, 2]],
    ['no tree by a tree: it replaces only what it has', [put('a', { single: false }), put('a', { single: false })], []],
    ['no tree by an unrecursive removal', [put('a', { single: false }), remove('a', false)], []],
    ['nothing of another track', [{ ...put('a'), track: 1 }, remove('a')], []],
    ['nothing that was moved in between', [put('a'), { move: { from: ['a'], to: ['b'] } }, remove('a')], []],
    ['nothing that was looked at in between', [put('a'), { verify: { path: [] } }, remove('a')], []],
    ['nothing whose folder was changed in between', [put('a/b'), { setattr: { path: ['a'], attributes: { mode: 1, xattrs: [] } } }, remove('a/b')], []],
    ['nothing that somebody waits for at a barrier', [put('index'), { barrier: { tracks: [0] }, track: 1 }, put('index')], []],
    ['nothing before a barrier of all tracks', [put('a'), { barrier: { tracks: [] }, track: 7 }, remove('a')], []],
    ['what is before a barrier of other tracks', [put('a'), { barrier: { tracks: [2] }, track: 1 }, remove('a')], [1]],
    ['nothing that is staged', [put('a', { staged: true }), remove('a')], []],
    ['all that a folder or a file in its place ever held', [put('a/b'), put('a'), remove('a')], [1, 2]]
  ] as Array<[string, Body[], number[]]>) {
    it(name, () => {
      const commands = queueOf(...bodies)
      expect(supersededBy(commands.at(-1) as Command, seq => commands[seq - 1])).to.deep.equal(superseded)
    })
  }
})
