import type { NodeSummary } from '@sluice/sdk'
import { EXIT } from '../failure.ts'
import { formatRate, formatTime } from '../format.ts'
import type { AddCommand } from '../program.ts'
import { withProvider } from '../provider-session.ts'
import { renderTable } from '../table.ts'

export const addNodes: AddCommand = (root, finish) => {
  root.command('nodes')
    .description('list the fleet\'s nodes')
    .option('-c, --config <file>', 'the provider\'s configuration', 'sluice.yaml')
    .option('--json', 'print a JSON line per node')
    .action((options: { config: string, json?: boolean }) => finish(listNodes(options.config, options.json === true)))
}

async function listNodes (config: string, json: boolean): Promise<number> {
  const nodes = await withProvider(config, undefined, provider => provider.nodes())
  if (json) for (const node of nodes) process.stdout.write(`${JSON.stringify(node)}\n`)
  else process.stdout.write(nodes.length === 0 ? 'no nodes yet; list them in the base\'s `members` or `sluice invite` them\n' : `${renderNodes(nodes)}\n`)
  return EXIT.complete
}

function renderNodes (nodes: readonly NodeSummary[]): string {
  return renderTable(
    [{ title: 'node' }, { title: 'labels' }, { title: 'upload', align: 'right' }, { title: 'seen (UTC)' }],
    nodes.map(node => [
      node.peer,
      Object.entries(node.labels).map(([name, value]) => `${name}=${value}`).join(' '),
      node.uploadRate > 0 ? formatRate(node.uploadRate) : '',
      node.connected ? 'connected' : node.lastSeen > 0 ? formatTime(node.lastSeen) : 'never'
    ])
  )
}
