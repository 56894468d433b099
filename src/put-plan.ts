import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { parsePath } from '@sluice/wire'
import { UsageError } from './failure.ts'

/** One put: what, and where it lands below the media root. */
export interface PlannedPut {
  readonly local: string
  readonly destination: string
}

/**
 * Decide where each path lands. One file: at `as` exactly, or in the root; one
 * directory: its content at `as`, or at its own name; several: below `as` by
 * their names. An `as` that ends in a slash is a directory to put things in.
 *
 * @throws {UsageError | PathError} before anything is sent
 */
export async function planPuts (paths: readonly string[], as?: string): Promise<PlannedPut[]> {
  const puts: PlannedPut[] = []
  const sources = new Map<string, string>()
  const exact = as != null && paths.length === 1 && !as.endsWith('/')
  for (const path of paths) {
    const local = resolve(path)
    await checkReadable(path, local)
    const destination = exact ? absolute(as) : `${absolute(as ?? '/').replace(/\/$/, '')}/${nameOf(path, local)}`
    parsePath(destination)
    const other = sources.get(destination)
    if (other != null) throw new UsageError(`${other} and ${path} would both land at ${destination}; publish them separately with --as`)
    sources.set(destination, path)
    puts.push({ local, destination })
  }
  return puts
}

async function checkReadable (path: string, local: string): Promise<void> {
  try {
    const found = await stat(local)
    if (!found.isFile() && !found.isDirectory()) throw new UsageError(`${path} is neither a file nor a directory`)
    await access(local, found.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK)
  } catch (error) {
    if (error instanceof UsageError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new UsageError(code === 'ENOENT' ? `${path} does not exist` : `${path} cannot be read (${message})`, { cause: error })
  }
}

function absolute (path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}

function nameOf (path: string, local: string): string {
  const name = basename(local)
  if (name === '') throw new UsageError(`${path} has no name of its own; say with --as where it is to land`)
  return name
}
