import type { JobEvent } from '@sluice/sdk'
import { count, formatBytes } from '../format.ts'
import { nodeRow, uploadRow, type NameOf } from '../progress-lines.ts'
import { createLineView, type ProgressView } from '../progress-view.ts'
import type { NodeProgress } from '../progress.ts'
import { Screen } from '../screen.ts'
import type { Place } from './fleet.ts'
import type { Publication } from './publication.ts'
import type { Source } from './source.ts'

/** Shows the jobs of the demo while they run: one screen on a terminal, else a few lines. */
export interface Board {
  show (source: Source, event: JobEvent): void
  stop (): void
}

export function createBoard (publications: () => readonly Publication[], nodes: readonly Place[], nameOf: NameOf): Board {
  if (process.stdout.isTTY) {
    const screen = new Screen(process.stdout, () => boardRows(publications(), nodes, nameOf))
    return { show () {}, stop: () => screen.stop() }
  }
  const views = new Map<string, ProgressView>()
  let stopped = false
  return {
    show ({ provider }, event) {
      if (stopped) return
      let view = views.get(provider)
      if (view == null) views.set(provider, view = createLineView(nameOf, `${provider}: `))
      view.show(event)
    },
    stop () {
      stopped = true
      for (const view of views.values()) view.stop()
    }
  }
}

export function describeSource ({ provider, destination, bytes, files }: Source): string {
  return `${provider} publishes ${destination}: ${count(files, 'file')}, ${formatBytes(bytes)}`
}

function boardRows (publications: readonly Publication[], nodes: readonly Place[], nameOf: NameOf): string[] {
  const total = publications.reduce((sum, { progress }) => sum + progress.total, 0)
  return [
    ...publications.map(({ source, progress }) => uploadRow(source.provider, progress)),
    '',
    ...nodes.map(node => nodeRow(merge(node.peer, publications), total, nameOf))
  ]
}

/** How a node stands over all jobs. */
function merge (peer: string, publications: readonly Publication[]): NodeProgress {
  const parts = publications.flatMap(({ progress }) => progress.nodes.get(peer) ?? [])
  const merged: NodeProgress = { peer, state: 'waiting', bytes: 0, rate: 0 }
  for (const part of parts) {
    merged.bytes += part.bytes
    merged.rate += part.rate
    merged.source = part.state === 'receiving' ? part.source ?? merged.source : merged.source
    merged.reason ??= part.reason
  }
  if (parts.some(part => part.state === 'failed')) merged.state = 'failed'
  else if (parts.length === publications.length && parts.every(part => part.state === 'complete')) merged.state = 'complete'
  else if (parts.some(part => part.state !== 'waiting')) merged.state = 'receiving'
  return merged
}
