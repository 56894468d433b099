import { loadConfig } from '../config.ts'
import { EXIT, UsageError } from '../failure.ts'
import type { AddCommand } from '../program.ts'
import { withProvider } from '../provider-session.ts'

interface Options {
  config: string
  reason: string
}

export const addCancel: AddCommand = (root, finish) => {
  root.command('cancel')
    .description('end a job, and call off what of it has not begun to appear: by its provider, or by the base\'s operator on the base\'s machine')
    .argument('<id>', 'the job')
    .option('-c, --config <file>', 'the configuration of the provider, or of the base', 'sluice.yaml')
    .option('--reason <text>', 'why; it stands in the receipts', 'called off')
    .action((id: string, options: Options) => finish(cancel(id, options)))
}

async function cancel (id: string, { config: file, reason }: Options): Promise<number> {
  const config = await loadConfig(file)
  switch (config.role) {
    case 'provider':
      await withProvider(file, undefined, provider => provider.cancel(id, reason))
      process.stdout.write(`job ${id} is ended; \`sluice job ${id} --watch\` follows it to its final notice\n`)
      return EXIT.complete
    case 'base': {
      const { wishCancelled } = await import('@sluice/base')
      await wishCancelled(config.dataDir, id, reason)
      process.stdout.write(`the base ends job ${id} when it runs, within a second; its log says so\n`)
      return EXIT.complete
    }
    case 'node': throw new UsageError(`${file}: a node cancels no jobs: give the configuration of the job's provider, or of the base, with -c`)
  }
}
