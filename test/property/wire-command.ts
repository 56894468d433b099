import { type Command, Visibility } from '@sluice/wire'
import type { Scripted } from './command-script.ts'

const NO_BYTES = new Uint8Array()
/** So that pieces come apart, and one put in three is a single piece. */
const PIECES = 3

/** A scripted command as it is signed, as far as a server's decisions depend on it. */
export function wireCommand (command: Scripted | { readonly kind: 'end', readonly seq: number }): Command {
  const { seq } = command
  const [track, continueAfterFailure] = command.kind === 'end' ? [0, false] : [command.track, command.continueAfterFailure]
  return { job: NO_BYTES, seq, previous: NO_BYTES, track, issued: 0, continueAfterFailure, ...bodyOf(command) }
}

function bodyOf (command: Scripted | { readonly kind: 'end', readonly seq: number }): Partial<Command> {
  switch (command.kind) {
    case 'put': return { put: {
      destination: command.path.split('/'),
      pieces: 1 + command.seq % PIECES,
      manifestBytes: 0,
      chunkPieces: 1,
      bytes: 0,
      entries: Math.max(1, command.names.length),
      visibility: command.staged ? Visibility.STAGED : Visibility.COMMIT,
      lossy: false,
      deadlineMs: 0,
      single: command.names.length === 0
    } }
    case 'mkdir': return { mkdir: { path: command.path.split('/') } }
    case 'setattr': return { setattr: { path: command.path.split('/'), attributes: { mode: command.mode, xattrs: [] } } }
    case 'move': return { move: { from: command.from.split('/'), to: command.to.split('/') } }
    case 'remove': return { remove: { path: command.path.split('/'), recursive: command.recursive } }
    case 'publish': return { publish: { puts: [...command.puts] } }
    case 'verify': return { verify: { path: command.path.split('/') } }
    case 'barrier': return { barrier: { tracks: [...command.tracks] } }
    case 'cancel': return { cancel: { seq: command.target, reason: 'enough' } }
    case 'end': return { end: {} }
  }
}
