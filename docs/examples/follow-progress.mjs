// Publish one file or directory, print what happens while it happens, then check the evidence.
//
//   SLUICE_BASE=/ip4/192.0.2.7/tcp/4100/p2p/12D3KooW… \
//   SLUICE_PATH=./film npx node docs/examples/follow-progress.mjs
//
// The variables are those of publish-directory.mjs. The last line printed is
// `verified: …` or `not verified: …`. Exit status: 0 complete and verified, else 4.
import { createProvider, verifyBundle } from '@sluice/sdk'

const { SLUICE_BASE: base, SLUICE_PATH: path, SLUICE_AS: as = '/example', SLUICE_TO: to = 'all', SLUICE_DATA: dataDir = './provider-data', SLUICE_JOIN: join } = process.env
if (!base || !path) {
  console.error('set SLUICE_BASE and SLUICE_PATH')
  process.exit(2)
}

const provider = await createProvider({ dataDir, base, join })
try {
  const job = await provider.openJob({ to, name: 'follow-progress example' })

  const watching = (async () => {
    for await (const event of job.events()) {
      switch (event.type) {
        case 'upload':
          console.log(`base holds ${event.bytes} of ${event.total} bytes`)
          break
        case 'progress':
          console.log(`${event.peer} has ${event.bytes} of ${event.total} bytes`)
          break
        case 'receipt':
          console.log(`${event.peer} has signed ${event.kind}`)
          break
        case 'job.closed':
          console.log(`job ${event.job} is ${event.outcome}`)
      }
    }
  })()

  await job.put(path, as)
  await job.end()
  const report = await job.closed()
  await watching

  const fleet = base.split('/p2p/')[1]
  const result = await verifyBundle(await provider.receipts(job.id), { base: fleet, provider: provider.peer })
  console.log(result.ok
    ? `verified: ${result.servers.reduce((sum, server) => sum + server.receipts, 0)} receipts of ${result.servers.length} servers`
    : `not verified: ${result.problems.map(({ where, what }) => `${where}: ${what}`).join('; ')}`)
  process.exitCode = result.ok && report.outcome === 'complete' ? 0 : 4
} finally {
  await provider.stop()
}
