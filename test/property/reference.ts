import { broughtBy, type Brought, type Scripted } from './command-script.ts'
import { Obstacle, TreeModel } from './tree-model.ts'

export type State = 'completed' | 'failed' | 'superseded'

/** What a server may decide for itself: which puts were called off before they began, and which it left out as needless. */
export interface Chances {
  readonly cancelled: ReadonlySet<number>
  readonly superseded: ReadonlySet<number>
}

export interface Expected {
  readonly tree: TreeModel
  readonly states: Map<number, State>
}

/**
 * What a job comes to, by the plainest reading of the documentation: one command
 * after the other, as if each were done when it was given.
 *
 * @param replaced - puts that each command makes needless, by its seq
 */
export function expectedOf (commands: readonly Scripted[], { cancelled, superseded }: Chances, replaced: (seq: number) => readonly number[]): Expected {
  const tree = new TreeModel()
  const states = new Map<number, State>()
  const failedTracks = new Set<number>()
  let allFailed = false
  for (const command of commands) {
    const joined = command.kind === 'barrier' ? command.tracks.length === 0 ? 'all' : [command.track, ...command.tracks] : [command.track]
    const isBlocked = allFailed || (joined === 'all' ? failedTracks.size > 0 : joined.some(track => failedTracks.has(track)))
    let state: State
    if (command.kind === 'cancel') state = 'completed'
    else if (superseded.has(command.seq)) state = 'superseded'
    else if (cancelled.has(command.seq) || isBlocked) state = 'failed'
    else state = perform(tree, commands, command, states, replaced(command.seq))
    states.set(command.seq, state)
    if (state !== 'failed' || command.continueAfterFailure) continue
    if (joined === 'all') allFailed = true
    else for (const track of joined) failedTracks.add(track)
  }
  return { tree, states }
}

function perform (tree: TreeModel, commands: readonly Scripted[], command: Scripted, states: ReadonlyMap<number, State>, replaced: readonly number[]): State {
  try {
    switch (command.kind) {
      case 'put':
        if (!command.staged) tree.put(broughtBy(command))
        break
      case 'mkdir': tree.mkdir(command.path, command.mode); break
      case 'setattr': tree.setMode(command.path, command.mode); break
      case 'move': tree.move(command.from, command.to); break
      case 'remove':
        if (replaced.length > 0) tree.makeParents(command.path)
        tree.remove(command.path, command.recursive)
        break
      case 'verify': tree.verify(command.path); break
      case 'publish': tree.put(publishedBy(commands, command, states)); break
      default: break
    }
    return 'completed'
  } catch (error) {
    if (error instanceof Obstacle) return 'failed'
    throw error
  }
}

/** @throws {Obstacle} where two puts bring the same file, or one is not here */
export function publishedBy (commands: readonly Scripted[], command: Extract<Scripted, { kind: 'publish' }>, states: ReadonlyMap<number, State>): Brought[] {
  const brought: Brought[] = []
  for (const seq of command.puts) {
    if (states.get(seq) !== 'completed') throw new Obstacle(`put ${seq} is not here`)
    for (const one of broughtBy(commands[seq - 1] as Scripted)) {
      if (brought.some(other => clash(one, other) || clash(other, one))) throw new Obstacle(`${one.path} comes twice`)
      brought.push(one)
    }
  }
  return brought
}

/** A file cannot be in the place of anything, nor have anything in it. Of one put the files are apart anyhow. */
function clash (file: Brought, other: Brought): boolean {
  return file.content != null && (file.path === other.path || other.path.startsWith(`${file.path}/`))
}
