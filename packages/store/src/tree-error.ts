import { PathError } from '@sluice/wire'
import { StoreError, type StoreErrorCode, systemCode } from './store-error.ts'

/** Why an errand on the media tree was not done, by what who asked can do about it. */
export type TreeErrorCode =
  'bad-path' | 'not-found' | 'not-a-folder' | 'not-a-file' | 'link' | 'exists' |
  'forbidden' | 'no-space' | 'too-large' | 'changed' | 'disk'

/** Something about one path of the media tree. The message names the path as viewers see it, never where it is on this machine. */
export class TreeError extends Error {
  override readonly name = 'TreeError'
  readonly code: TreeErrorCode

  /** @param path - undefined where it is one that cannot be */
  constructor (code: TreeErrorCode, path: readonly string[] | undefined, what: string, options?: ErrorOptions) {
    super(path == null ? what : `/${path.join('/')} ${what}`, options)
    this.code = code
  }
}

const WORDS: Partial<Record<TreeErrorCode, string>> = {
  'not-found': 'does not exist',
  'not-a-folder': 'has a file in it where a folder would have to be, or is one',
  'not-a-file': 'is a folder, and a file is wanted',
  link: 'is a symbolic link, or leads through one: links are shown and never followed',
  exists: 'exists already',
  forbidden: 'cannot be changed or read there: its operator has to correct owner or mode, or mount the disk read-write',
  'no-space': 'does not fit: the server\'s disk is full',
  disk: 'cannot be reached: the server\'s disk reports an error'
}

const OF_STORE: Partial<Record<StoreErrorCode, TreeErrorCode>> = {
  'unsafe-path': 'link',
  obstructed: 'not-a-folder',
  vanished: 'not-found',
  'no-space': 'no-space',
  'read-only': 'forbidden',
  forbidden: 'forbidden'
}

const OF_SYSTEM: Record<string, TreeErrorCode> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-a-folder',
  ELOOP: 'link',
  EEXIST: 'exists',
  ENOTEMPTY: 'not-a-file',
  EISDIR: 'not-a-file',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
  EXDEV: 'forbidden',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space'
}

/** Whatever went wrong at `path`, as a TreeError. */
export function treeError (cause: unknown, path: readonly string[]): TreeError {
  if (cause instanceof TreeError) return cause
  if (cause instanceof PathError) return new TreeError('bad-path', undefined, cause.message, { cause })
  const code = (cause instanceof StoreError ? OF_STORE[cause.code] : OF_SYSTEM[systemCode(cause) ?? '']) ?? 'disk'
  return new TreeError(code, path, WORDS[code] ?? code, { cause })
}
