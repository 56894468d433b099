// Publish what comes from stdin while it comes, and wait for the report.
//
//   encoder | SLUICE_BASE=/ip4/192.0.2.7/tcp/4100/p2p/12D3KooW… \
//   SLUICE_AS=/live/x.ts npx node docs/examples/live-media.mjs
//
// SLUICE_BASE  the base's address (required)
// SLUICE_AS    where the file lands below the nodes' media root (default: /live/example)
// SLUICE_TO    all, label=value or a peer id (default: all)
// SLUICE_DATA  folder of the provider's key (default: ./provider-data)
// SLUICE_JOIN  token of `sluice invite provider`, the first time
import { pipeline } from 'node:stream/promises'
import { createProvider } from '@sluice/sdk'

const { SLUICE_BASE: base, SLUICE_AS: as = '/live/example', SLUICE_TO: to = 'all', SLUICE_DATA: dataDir = './provider-data', SLUICE_JOIN: join } = process.env
if (!base) {
  console.error('set SLUICE_BASE')
  process.exit(2)
}

const provider = await createProvider({ dataDir, base, join })
try {
  const job = await provider.openJob({ to, name: 'live-media example' })
  const media = await job.putLive(as)
  // Slow servers slow the pipe; nothing piles up here.
  await pipeline(process.stdin, media)
  await job.end()
  const { outcome } = await job.closed()
  console.log(`${outcome}: ${media.bytes} bytes`)
  process.exitCode = { complete: 0, partial: 3, failed: 4 }[outcome]
} finally {
  await provider.stop()
}
