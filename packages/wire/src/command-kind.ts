import type { Command } from './pb/signed.ts'

/** What a command can be, as its schema calls it. */
export type CommandKind = 'put' | 'mkdir' | 'setattr' | 'move' | 'remove' | 'publish' | 'verify' | 'barrier' | 'cancel' | 'end'

/** The kind of a command; undefined for one that is not known here, or has none. */
export function commandKind ({ put, mkdir, setattr, move, remove, publish, verify, barrier, cancel, end }: Command): CommandKind | undefined {
  const bodies = { put, mkdir, setattr, move, remove, publish, verify, barrier, cancel, end }
  return (Object.keys(bodies) as CommandKind[]).find(kind => bodies[kind] != null)
}

/** The commands of a queue that are known, by their seq. */
export type Known = (seq: number) => Command | undefined

/** The paths that a command speaks of, as components below the media root. A publish speaks of those of its puts. */
export function commandPaths (command: Command, known: Known): string[][] {
  const { put, mkdir, setattr, move, remove, publish, verify } = command
  if (move != null) return [move.from, move.to]
  if (publish != null) return publish.puts.map(seq => known(seq)?.put?.destination).filter(path => path != null)
  const path = put?.destination ?? mkdir?.path ?? setattr?.path ?? remove?.path ?? verify?.path
  return path == null ? [] : [path]
}
