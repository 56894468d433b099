// Publish one file or directory, and wait for the report.
//
//   SLUICE_BASE=/ip4/192.0.2.7/tcp/4100/p2p/12D3KooW… \
//   SLUICE_PATH=./film SLUICE_AS=/vod/film npx node docs/examples/publish-directory.mjs
//
// SLUICE_BASE  the base's address (required)
// SLUICE_PATH  what to publish (required)
// SLUICE_AS    where it lands below the nodes' media root (default: /example)
// SLUICE_TO    all, label=value or a peer id (default: all)
// SLUICE_DATA  folder of the provider's key (default: ./provider-data)
// SLUICE_JOIN  token of `sluice invite provider`, the first time
//
// Prints one JSON object, the final notice. Exit status: 0 complete, 3 partial, 4 failed.
import { createProvider } from '@sluice/sdk'

const { SLUICE_BASE: base, SLUICE_PATH: path, SLUICE_AS: as = '/example', SLUICE_TO: to = 'all', SLUICE_DATA: dataDir = './provider-data', SLUICE_JOIN: join } = process.env
if (!base || !path) {
  console.error('set SLUICE_BASE and SLUICE_PATH')
  process.exit(2)
}

const provider = await createProvider({ dataDir, base, join })
try {
  const job = await provider.openJob({ to, name: 'publish-directory example' })
  await job.put(path, as)
  await job.end()
  const report = await job.closed()
  console.log(JSON.stringify(report))
  process.exitCode = { complete: 0, partial: 3, failed: 4 }[report.outcome]
} finally {
  await provider.stop()
}
