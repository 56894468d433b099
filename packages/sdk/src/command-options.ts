import { type Attributes, checkAttributes, CommandError, Visibility } from '@sluice/wire'

/** How a command stands to the others of its job. */
export interface CommandOptions {
  /** Effects commit in order within a track; tracks go side by side. 0 if not given. */
  readonly track?: number | undefined
  /** Later commands of the track are done even where this one fails. */
  readonly continueAfterFailure?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

export interface PutOptions extends CommandOptions {
  /** The base has taken the command; its media follows. */
  readonly onAccepted?: ((seq: number) => void) | undefined
  /** Held by the servers, and shown by a later `publish`. */
  readonly staged?: boolean | undefined
  /** Viewers may read what has landed, before all of it has. */
  readonly arriving?: boolean | undefined
  /** Servers remove then what this put has published and nobody has replaced, once its job is closed; a date, or milliseconds since 1970. */
  readonly expires?: Date | number | undefined
  /** Tell owner and group of files too. Servers set them where their configuration says so. */
  readonly owner?: boolean | undefined
  /** Tell extended attributes (`user.…`) too; needs the program `getfattr` here. */
  readonly xattrs?: boolean | undefined
}

export interface LivePutOptions extends CommandOptions {
  /** Held by the servers, and shown by a later `publish`. */
  readonly staged?: boolean | undefined
  /** Viewers may follow it while it is written; true if not given, and neither staged nor lossy. */
  readonly arriving?: boolean | undefined
  /**
   * Makes the put lossy: a piece that could not be sent so long after it was written, or is not on a server so long
   * after that server knew of it, is left out there; 200 to 60,000 ms. If not given everything arrives, however late.
   */
  readonly deadlineMs?: number | undefined
  /** Bytes that may be written ahead of what half of the servers hold; 64 MiB if not given, and no limit if lossy. */
  readonly leadBytes?: number | undefined
  /** Of the file. Its time of modification is that of the call, if nothing else is said. */
  readonly attributes?: AttributeValues | undefined
}

/** What can be said of a file or folder. Whatever is left out stays as it is. */
export interface AttributeValues {
  /** Permission bits, such as 0o644. */
  readonly mode?: number | undefined
  /** A date, or nanoseconds since 1970. */
  readonly mtime?: Date | bigint | undefined
  /** Name or number, on the servers. Set where their configuration says so. */
  readonly owner?: string | undefined
  readonly group?: string | undefined
  /** Text or bytes, by name (`user.…`). Set where the servers' configuration says so. */
  readonly xattrs?: Readonly<Record<string, string | Uint8Array>> | undefined
}

/** @throws {CommandError} where both are asked for */
export function visibilityOf ({ staged = false, arriving = false }: Pick<PutOptions, 'staged' | 'arriving'>): Visibility {
  if (staged && arriving) throw new CommandError('what is staged is shown by a publish and not before: leave out `staged` or `arriving`')
  return staged ? Visibility.STAGED : arriving ? Visibility.ARRIVING : Visibility.COMMIT
}

const NANOS = 1_000_000_000n
const NANOS_PER_MS = 1_000_000n

/** @throws {CommandError} where a value cannot be */
export function attributesOf ({ mode, mtime, owner, group, xattrs = {} }: AttributeValues): Attributes {
  if (mode != null && (!Number.isInteger(mode) || mode < 0)) throw new CommandError(`${mode} is no mode: give permission bits, such as 0o644`)
  if (mtime instanceof Date && Number.isNaN(mtime.getTime())) throw new CommandError('the time of modification is no date')
  const attributes: Attributes = {
    ...mode == null ? {} : { mode },
    ...mtime == null ? {} : timeOf(typeof mtime === 'bigint' ? mtime : BigInt(mtime.getTime()) * NANOS_PER_MS),
    ...owner == null ? {} : { owner },
    ...group == null ? {} : { group },
    xattrs: Object.entries(xattrs).map(([name, value]) => ({ name, value: typeof value === 'string' ? Buffer.from(value) : value }))
  }
  checkAttributes(attributes)
  return attributes
}

/** Seconds are rounded down, so that nanoseconds are never negative. */
export function timeOf (ns: bigint): { mtimeSeconds: number, mtimeNanos: number } {
  const seconds = ns >= 0n ? ns / NANOS : (ns - NANOS + 1n) / NANOS
  return { mtimeSeconds: Number(seconds), mtimeNanos: Number(ns - seconds * NANOS) }
}
