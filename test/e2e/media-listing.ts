import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What viewers of a media root see, a line for each file, folder and link: path,
 * mode, and for files time to the microsecond and content. A folder's time is
 * left out: it is that of whatever was done last in it.
 */
export async function listMedia (root: string): Promise<string[]> {
  const lines: string[] = []
  const visit = async (path: string): Promise<void> => {
    for (const name of (await readdir(join(root, path))).sort()) {
      if (path === '' && name === '.sluice') continue
      const [below, local] = [join(path, name), join(root, path, name)]
      const stat = await lstat(local, { bigint: true })
      const mode = (stat.mode & 0o7777n).toString(8)
      if (stat.isSymbolicLink()) lines.push(`${below} -> ${await readlink(local)}`)
      else if (stat.isFile()) lines.push(`${below} ${mode} ${(stat.mtimeNs + 500n) / 1000n} ${createHash('sha256').update(await readFile(local)).digest('hex').slice(0, 16)}`)
      else {
        lines.push(`${below}/ ${mode}`)
        await visit(below)
      }
    }
  }
  await visit('')
  return lines
}
