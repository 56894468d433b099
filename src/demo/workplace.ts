import { mkdir, mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UsageError } from '../failure.ts'
import { formatBytes } from '../format.ts'

/** Where the demo's processes live. A directory that the user named is left to him; ours is removed. */
export interface Workplace {
  readonly dir: string
  remove (): Promise<void>
}

export async function createWorkplace (dir: string | undefined): Promise<Workplace> {
  if (dir == null) {
    const made = await mkdtemp(join(tmpdir(), 'sluice-demo-'))
    return { dir: made, remove: () => rm(made, { recursive: true, force: true }) }
  }
  await mkdir(dir, { recursive: true })
  if ((await readdir(dir)).length > 0) throw new UsageError(`--dir ${dir} is not empty; name an empty or a new directory`)
  return { dir: resolve(dir), async remove () {} }
}

/** @throws {UsageError} unless so many bytes fit */
export async function checkSpace (dir: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dir)
  if (bavail * bsize < bytes) throw new UsageError(`the demo needs ${formatBytes(bytes)} and ${dir} has ${formatBytes(bavail * bsize)} free; name a roomier place with --dir`)
}
