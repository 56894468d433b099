import { readFile, writeFile } from 'node:fs/promises'
import type { VerifiedBundle } from '@sluice/sdk'
import { peerIdProblem } from '../address.ts'
import { EXIT, UsageError } from '../failure.ts'
import { count } from '../format.ts'
import type { AddCommand } from '../program.ts'
import { withProvider } from '../provider-session.ts'

export const addReceipts: AddCommand = (root, finish) => {
  root.command('receipts')
    .description('fetch the signed evidence of a job')
    .argument('<job>', 'the job')
    .option('-c, --config <file>', 'the provider\'s configuration', 'sluice.yaml')
    .option('-o, --output <file>', 'where to (default: stdout)')
    .action((job: string, options: { config: string, output?: string }) => finish(fetchReceipts(job, options.config, options.output)))
}

export const addVerify: AddCommand = (root, finish) => {
  root.command('verify')
    .description('check a bundle of receipts, offline: every signature, chain and digest, and a line for each server')
    .argument('<file>', 'what `sluice receipts` wrote')
    .requiredOption('--base <peer>', 'the peer id of the base that you trust')
    .option('--provider <peer>', 'the peer id of the provider that the content must be from')
    .option('--json', 'print a JSON line')
    .action((file: string, options: VerifyOptions) => finish(verify(file, options)))
}

interface VerifyOptions {
  base: string
  provider?: string
  json?: boolean
}

async function fetchReceipts (job: string, config: string, output: string | undefined): Promise<number> {
  const bundle = await withProvider(config, undefined, provider => provider.receipts(job))
  if (output == null) process.stdout.write(bundle)
  else {
    await writeFile(output, bundle).catch((error: Error) => {
      throw new UsageError(`${output} cannot be written (${error.message}); name another with -o`, { cause: error })
    })
  }
  return EXIT.complete
}

async function verify (file: string, { base, provider, json }: VerifyOptions): Promise<number> {
  checkPeer('--base', base)
  if (provider != null) checkPeer('--provider', provider)
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`${file} cannot be read (${error.message})`, { cause: error })
  })
  const { verifyBundle } = await import('@sluice/sdk')
  const result = await verifyBundle(text, { base, provider })
  if (json === true) process.stdout.write(`${JSON.stringify(result)}\n`)
  else if (result.ok) process.stdout.write(`${file}: holds: ${describe(result)}\n`)
  if (result.ok) return EXIT.complete
  for (const { where, what } of result.problems) process.stderr.write(`sluice: ${file}: ${where}: ${what}\n`)
  return EXIT.failed
}

function describe ({ job, outcome, servers, checks }: VerifiedBundle): string {
  const receipts = servers.reduce((sum, server) => sum + server.receipts, 0)
  return `job ${job} is ${outcome}, ${count(receipts, 'receipt')} of ${count(servers.length, 'server')}, ${count(checks, 'check')}`
}

function checkPeer (option: string, peer: string): void {
  const problem = peerIdProblem(peer)
  if (problem != null) throw new UsageError(`${option} ${JSON.stringify(peer)} ${problem}; \`sluice init\` printed it`)
}
