import { commandKind, type Known } from './command-kind.ts'
import { checkPath } from './path.ts'
import { type Attributes, type Command, type Put, Visibility } from './pb/signed.ts'

/** A command that makes no sense where it stands, whoever signed it. The message says how to mend it. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Permission bits, set-user-id and its like: what a mode may say. What a server takes of it is its own affair. */
const MAX_MODE = 0o7777
const NANOS = 1_000_000_000
/** Extended attributes of one path, and their bytes together: what every file system that has them can hold. */
const MAX_XATTRS = 64
const MAX_XATTR_BYTES = 32 * 1024
/** What Linux calls a name of an extended attribute: a namespace, and more. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming what is refused is the point
const XATTR_NAME = /^[a-z]+\.[^\u0000-\u001f\u007f=]{1,240}$/
/** Puts that one publish switches over: each is walked twice while viewers wait. */
const MAX_PUBLISHED = 1_000
/** Deadlines of a lossy put, in milliseconds: below, ordinary jitter over a few hops would cost media; above a minute it is no live media. */
const MIN_DEADLINE_MS = 200
const MAX_DEADLINE_MS = 60_000
/** Tracks that one barrier names; it may as well name none, and wait for all. */
const MAX_TRACKS = 1_000

/**
 * Check what a command says, beyond its signature and its place in the chain.
 *
 * @param known - the commands before it
 * @throws {CommandError | PathError}
 */
export function checkCommand (command: Command, known: Known): void {
  const { put, mkdir, setattr, move, remove, publish, verify, barrier, cancel } = command
  if (commandKind(command) == null) throw new CommandError(`command ${command.seq} is of a kind that is not known here: update the software`)
  if (put != null) checkPut(put)
  if (mkdir != null) {
    checkBelowRoot(mkdir.path, 'made')
    checkAttributes(mkdir.attributes)
  }
  if (setattr != null) {
    checkPath(setattr.path)
    if (setattr.attributes == null) throw new CommandError('a setattr without attributes changes nothing: give at least one')
    checkAttributes(setattr.attributes)
  }
  if (move != null) {
    checkBelowRoot(move.from, 'moved')
    checkBelowRoot(move.to, 'replaced')
    if (isWithin(move.to, move.from)) throw new CommandError(`/${move.from.join('/')} cannot be moved into itself, to /${move.to.join('/')}`)
  }
  if (remove != null) checkBelowRoot(remove.path, 'removed')
  if (verify != null) checkPath(verify.path)
  if (barrier != null && barrier.tracks.length > MAX_TRACKS) throw new CommandError(`a barrier names ${barrier.tracks.length} tracks, more than ${MAX_TRACKS}: name none, and it waits for all`)
  if (cancel != null && (cancel.seq >= command.seq || known(cancel.seq)?.put == null)) throw new CommandError(`command ${cancel.seq} is no put before this one, and only a put can be cancelled`)
  if (publish != null) checkPublish(command.seq, publish.puts, known)
}

function checkPut ({ destination, lossy, deadlineMs, pieces, chunkPieces, single, expires }: Put): void {
  checkPath(destination)
  if (expires != null && !(Number.isSafeInteger(expires) && expires > 0)) throw new CommandError(`a put cannot expire at ${expires}: it is a time in milliseconds since 1970`)
  if (!lossy && deadlineMs !== 0) throw new CommandError('a deadline is for lossy puts: of others everything arrives, however late')
  if (!lossy) return
  if (pieces != null || !single || chunkPieces !== 1) throw new CommandError('only a live put, one file of unknown length in chunks of one piece, can be lossy')
  if (deadlineMs < MIN_DEADLINE_MS || deadlineMs > MAX_DEADLINE_MS) throw new CommandError(`a lossy put's deadline of ${deadlineMs} ms is not between ${MIN_DEADLINE_MS} and ${MAX_DEADLINE_MS}`)
}

function checkPublish (own: number, puts: readonly number[], known: Known): void {
  if (puts.length === 0 || puts.length > MAX_PUBLISHED) throw new CommandError(`a publish names 1 to ${MAX_PUBLISHED} puts, and this one ${puts.length}`)
  if (new Set(puts).size !== puts.length) throw new CommandError('a publish names the same put twice')
  for (const seq of puts) {
    const put = seq < own ? known(seq)?.put : undefined
    if (put == null) throw new CommandError(`command ${seq} is no put before this one: publish what was put with visibility "staged"`)
    if (put.visibility !== Visibility.STAGED) throw new CommandError(`put ${seq} is not a staged one: it appears by itself`)
  }
}

/** The media root is the operator's: it can be filled, and neither moved nor removed. */
function checkBelowRoot (path: readonly string[], what: string): void {
  checkPath(path)
  if (path.length === 0) throw new CommandError(`the media root itself cannot be ${what}: name something in it`)
}

/** @throws {CommandError} */
export function checkAttributes (attributes: Attributes | undefined): void {
  if (attributes == null) return
  const { mode, mtimeSeconds, mtimeNanos, xattrs } = attributes
  if (mode != null && mode > MAX_MODE) throw new CommandError(`a mode of 0${mode.toString(8)} has more than the bits 0${MAX_MODE.toString(8)}`)
  if (mtimeNanos != null && (mtimeSeconds == null || mtimeNanos >= NANOS)) throw new CommandError('nanoseconds of a time are 0 to 999999999, and belong to seconds')
  if (xattrs.length > MAX_XATTRS) throw new CommandError(`${xattrs.length} extended attributes are more than ${MAX_XATTRS}`)
  let bytes = 0
  for (const { name, value } of xattrs) {
    if (!XATTR_NAME.test(name)) throw new CommandError(`${JSON.stringify(name)} is no name of an extended attribute, such as user.title`)
    bytes += name.length + value.length
  }
  if (bytes > MAX_XATTR_BYTES) throw new CommandError(`extended attributes of ${bytes} bytes are more than ${MAX_XATTR_BYTES}`)
}

/** Whether `path` is `folder` or below it. */
export function isWithin (path: readonly string[], folder: readonly string[]): boolean {
  return path.length >= folder.length && folder.every((name, index) => path[index] === name)
}
