// Look at one node's media, put a file there, change it, and fetch it again.
//
//   SLUICE_BASE=/ip4/192.0.2.7/tcp/4100/p2p/12D3KooW… \
//   SLUICE_PATH=./notes.txt npx node docs/examples/remote-media.mjs
//
// SLUICE_PATH  a file or a directory (required); of a directory everything is synced to SLUICE_AS as well
// SLUICE_NODE  the node's peer id (default: the first one that is connected)
// The other variables are those of publish-directory.mjs.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { createProvider, ErrandError } from '@sluice/sdk'

const { SLUICE_BASE: base, SLUICE_PATH: path, SLUICE_AS: as = '/example', SLUICE_DATA: dataDir = './provider-data', SLUICE_JOIN: join, SLUICE_NODE } = process.env
if (!base || !path) {
  console.error('set SLUICE_BASE and SLUICE_PATH')
  process.exit(2)
}

const scratch = await mkdtemp(joinPath(tmpdir(), 'sluice-example-'))
const provider = await createProvider({ dataDir, base, join })
try {
  const node = SLUICE_NODE ?? (await provider.nodes()).find(({ connected }) => connected)?.peer
  const media = provider.media(node)

  if ((await stat(path)).isDirectory()) {
    const { outcome, sent, bytes } = await provider.sync(path, as, { to: node, delete: true })
    console.log(`sync: ${outcome}, ${sent} of ${bytes} bytes had to travel`)
    const again = await provider.sync(path, as, { to: node, delete: true })
    console.log(`again: ${again.outcome}, ${again.sent} bytes, ${again.jobs.length} jobs`)
  }

  const local = joinPath(scratch, 'hello.txt')
  await writeFile(local, 'hello\n')
  await media.put(local, `${as}/notes/hello.txt`, { parents: true })
  await media.setattr(`${as}/notes/hello.txt`, { mode: 0o600, mtime: new Date('2026-01-31T12:00:00Z') })
  for await (const entry of media.list(`${as}/notes`, { recursive: true, digests: true, signal: AbortSignal.timeout(30_000) })) {
    console.log(`${entry.type} ${entry.path} ${entry.size} ${entry.mode.toString(8)} ${entry.digest}`)
  }
  const { bytes, digest } = await media.get(`${as}/notes/hello.txt`, joinPath(scratch, 'back.txt'))
  console.log(`fetched ${bytes} bytes, sha256 ${digest}`)
  await media.stat(`${as}/nowhere`).catch(error => { if (error instanceof ErrandError) console.log(`${error.code}: ${error.message}`) })
} finally {
  await provider.stop()
  await rm(scratch, { recursive: true })
}
