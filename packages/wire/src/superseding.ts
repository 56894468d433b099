import { isWithin } from './command-check.ts'
import { commandPaths, type Known } from './command-kind.ts'
import { type Command, Visibility } from './pb/signed.ts'

/** How far back one looks for puts that a command makes needless: a live playlist's last minutes. */
const MAX_LOOK_BACK = 1_000

/**
 * Puts that need not be done where `command` is known before they were: every
 * path of theirs is removed or replaced by it, and nothing in between looked at
 * one of them, or waited for it at a barrier. All of the same track, so that nobody sees the difference.
 *
 * A remove counts as soon as it is known; a put once all of it is here, and not against one that is all here too.
 *
 * @param known - the commands before it
 */
export function supersededBy (command: Command, known: Known): number[] {
  const path = command.remove?.path ?? (isSingle(command) ? command.put?.destination : undefined)
  if (path == null) return []
  const superseded: number[] = []
  const touched: string[][] = []
  for (let seq = command.seq - 1; seq >= Math.max(1, command.seq - MAX_LOOK_BACK); seq--) {
    const earlier = known(seq)
    // What waits at a barrier counts on what is before it: a removal, on an older playlist's being replaced.
    if (earlier == null || keepsApart(earlier, command.track)) break
    const paths = commandPaths(earlier, known)
    if (earlier.track === command.track && isReplaced(earlier, command, path) && !touched.some(other => paths.some(own => overlap(own, other)))) superseded.push(earlier.seq)
    // One that is superseded itself is done or not done: either way it must not hide what another one reads.
    else if (paths.some(own => overlap(own, path))) touched.push(...paths)
  }
  return superseded.reverse()
}

/** A barrier that joins this track. */
function keepsApart ({ barrier, track: own }: Command, track: number): boolean {
  return barrier != null && (barrier.tracks.length === 0 || own === track || barrier.tracks.includes(track))
}

function isReplaced (earlier: Command, command: Command, path: readonly string[]): boolean {
  const { put } = earlier
  // What is staged appears by a publish, and where that is not known yet it may still come.
  if (put == null || put.visibility === Visibility.STAGED) return false
  const same = put.destination.length === path.length && isWithin(put.destination, path)
  if (isSingle(earlier) && same) return true
  return command.remove?.recursive === true && isWithin(put.destination, path)
}

/** A put of one file whose bytes are all shown at once. */
function isSingle ({ put }: Command): boolean {
  return put?.single === true && put.visibility !== Visibility.STAGED
}

function overlap (a: readonly string[], b: readonly string[]): boolean {
  return isWithin(a, b) || isWithin(b, a)
}
