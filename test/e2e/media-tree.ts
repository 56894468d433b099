import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Bytes that differ from place to place, so that a mistaken offset shows. */
export function noise (size: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  let state = (seed * 2654435761) >>> 0 || 1
  for (let i = 0; i < size; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state & 0xff
  }
  return bytes
}

export async function writeMedia (path: string, size: number, seed: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, noise(size, seed))
  // A time of whole milliseconds survives the doubles that times are set by.
  await utimes(path, new Date(1_700_000_000_123 + seed), new Date(1_700_000_000_123 + seed))
  return path
}

/** Everything that went wrong with somebody's tree once: large, small, empty, odd names, odd modes, old and fine times. */
export async function writeOddTree (root: string, seed: number): Promise<string> {
  const files: Array<[path: string, size: number, mode: number, mtime: number]> = [
    ['film.mp4', 5 * 1024 * 1024 + 12_345, 0o644, 1_700_000_000.123],
    ['exactly-one-piece.bin', 64 * 1024, 0o600, 1_600_000_000],
    ['one-byte-more.bin', 64 * 1024 + 1, 0o640, 1_500_000_000.5],
    ['empty.txt', 0, 0o644, 1_400_000_000],
    ['run.sh', 300, 0o755, 1_300_000_000.75],
    ['Фильм 電影 ñ/Übung – №1 😀.m3u8', 4_321, 0o444, 1_200_000_000],
    ['before-1970.txt', 17, 0o644, -86_400.5],
    ['deep/er/and/deeper/still.ts', 200_000, 0o644, 1_100_000_000]
  ]
  for (let i = 0; i < 60; i++) files.push([`many/small-${i}.ts`, 37 * i, 0o644, 1_000_000_000 + i])
  for (const [index, [path, size, mode, mtime]] of files.entries()) {
    const local = await writeMedia(join(root, path), size, seed * 1000 + index)
    // As a date: a negative number would mean now.
    await utimes(local, new Date(mtime * 1000), new Date(mtime * 1000))
    await chmod(local, mode)
  }
  await mkdir(join(root, 'nothing in here'))
  await chmod(join(root, 'nothing in here'), 0o750)
  // Last, since whatever is made in a folder changes its time.
  for (const folder of ['nothing in here', 'deep/er/and/deeper', 'deep/er/and', 'deep/er', 'deep', 'Фильм 電影 ñ', 'many', '.']) await utimes(join(root, folder), 1_650_000_000, 1_650_000_000)
  return root
}

/**
 * A tree as it is on disk, a line for each file and folder with all that a node
 * must reproduce: path, mode, time to the microsecond (Node sets times as
 * floating-point seconds, and those hold no more), and content.
 */
export async function readTree (root: string): Promise<string[]> {
  const lines: string[] = []
  const visit = async (path: string): Promise<void> => {
    const local = join(root, path)
    const { mode, mtimeNs } = await stat(local, { bigint: true })
    const isFolder = (await stat(local)).isDirectory()
    const content = isFolder ? 'folder' : createHash('sha256').update(await readFile(local)).digest('hex')
    lines.push(`${path} ${(mode & 0o7777n).toString(8)} ${(mtimeNs + 500n) / 1000n} ${content}`)
    if (isFolder) for (const name of (await readdir(local)).sort()) await visit(join(path, name))
  }
  await visit('.')
  return lines
}
