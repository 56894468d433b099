import { createCipheriv } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { planPuts } from '../put-plan.ts'

/** What one provider of the demo publishes. */
export interface Source {
  readonly provider: string
  readonly local: string
  readonly destination: string
  readonly bytes: number
  readonly files: number
}

// 64 MiB: a few seconds on loopback with nine processes, and long enough to see the nodes feed each other.
const BULK_BYTES = 64 * 2 ** 20
const BLOCK_BYTES = 2 ** 20
const FILM = fileURLToPath(new URL('../../../src/demo/media/', import.meta.url))

/** The film that the repository carries and generated bulk; or, with a path, that path and the film. */
export async function chooseSources (dir: string, path: string | undefined): Promise<[Source, Source]> {
  if (path == null) return [await source('provider-a', FILM, '/demo-film'), await source('provider-b', await makeBulk(join(dir, 'bulk.bin')), '/bulk.bin')]
  const [put] = await planPuts([path])
  const own = await source('provider-a', resolve(path), put?.destination ?? '/media')
  return [own, await source('provider-b', FILM, own.destination === '/demo-film' ? '/demo-film-2' : '/demo-film')]
}

/** The files below a path, by their path relative to it; '' for a file itself. */
export async function listFiles (root: string): Promise<string[]> {
  if ((await stat(root)).isFile()) return ['']
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name).slice(resolve(root).length + 1)).sort()
}

async function source (provider: string, path: string, destination: string): Promise<Source> {
  const local = resolve(path)
  const files = await listFiles(local)
  let bytes = 0
  for (const file of files) bytes += (await stat(join(local, file))).size
  return { provider, local, destination, bytes, files: files.length }
}

/** Bytes that no codec and no hash table can make smaller, the same on every run: a cipher's key stream. */
async function makeBulk (file: string): Promise<string> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 'sluice'), Buffer.alloc(16))
  const zeros = Buffer.alloc(BLOCK_BYTES)
  const blocks = function * (): Generator<Buffer> {
    for (let made = 0; made < BULK_BYTES; made += BLOCK_BYTES) yield cipher.update(zeros)
  }
  await pipeline(Readable.from(blocks()), createWriteStream(file))
  return file
}
