import type { AddCommand } from '../program.ts'
import { stopSignal } from '../stop-signal.ts'

export const addDemo: AddCommand = (root, finish) => {
  root.command('demo')
    .description('run a whole fleet on this machine, publish to it, and verify every byte and every receipt')
    .argument('[path]', 'publish this file or directory instead of the generated one')
    .option('--dir <dir>', 'an empty directory to work in (default: a temporary one, removed at the end)')
    .option('--keep', 'stay up until Ctrl-C, and leave the files', false)
    .action((path: string | undefined, options: { dir?: string, keep: boolean }) => finish(demo(path, options)))
}

async function demo (path: string | undefined, options: { dir?: string, keep: boolean }): Promise<number> {
  const { runDemo } = await import('../demo.ts')
  return await runDemo({ path, ...options, stop: stopSignal() })
}
