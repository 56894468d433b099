import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { listFiles } from './source.ts'

interface FileFacts {
  readonly digest: string
  readonly mode: number
  readonly mtimeMs: number
}

const PERMISSION_BITS = 0o777

/** Every file below a path: its SHA-256, its mode and its modification time. */
export async function describeTree (root: string): Promise<Map<string, FileFacts>> {
  const facts = new Map<string, FileFacts>()
  for (const file of await listFiles(root)) {
    const path = file === '' ? root : join(root, file)
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    const { mode, mtimeMs } = await stat(path)
    // Whole milliseconds: what every file system keeps.
    facts.set(file, { digest: hash.digest('hex'), mode: mode & PERMISSION_BITS, mtimeMs: Math.floor(mtimeMs) })
  }
  return facts
}

/** How a tree differs from what it must be, in words; nothing where it does not. */
export async function compareTree (expected: ReadonlyMap<string, FileFacts>, root: string): Promise<string[]> {
  let found: Map<string, FileFacts>
  try {
    found = await describeTree(root)
  } catch (error) {
    return [`${root} cannot be read (${(error as Error).message})`]
  }
  const problems: string[] = []
  for (const [file, facts] of expected) {
    const there = found.get(file)
    const path = file === '' ? root : join(root, file)
    if (there == null) problems.push(`${path} is missing`)
    else if (there.digest !== facts.digest) problems.push(`${path} has other bytes: SHA-256 ${there.digest} and not ${facts.digest}`)
    else if (there.mode !== facts.mode) problems.push(`${path} has mode ${there.mode.toString(8)} and not ${facts.mode.toString(8)}`)
    else if (there.mtimeMs !== facts.mtimeMs) problems.push(`${path} has the modification time ${new Date(there.mtimeMs).toISOString()} and not ${new Date(facts.mtimeMs).toISOString()}`)
  }
  for (const file of found.keys()) if (!expected.has(file)) problems.push(`${join(root, file)} was not published`)
  return problems
}
