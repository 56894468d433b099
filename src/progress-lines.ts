import { formatBytes, formatPercent, formatRate, shortPeer } from './format.ts'
import type { JobProgress, NodeProgress } from './progress.ts'

/** What a peer is called in a display: a label, a role, or the tail of its id. */
export type NameOf = (peer: string) => string

// More rows than this scroll a usual terminal; then only the slowest are shown one by one.
export const MAX_NODE_ROWS = 20
const SLOWEST_ROWS = 8
const BAR_CELLS = 24
const NAME_CELLS = 14
// Eighths of a cell, so that a bar moves visibly on a slow link.
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** One job as rows of a terminal: the upload, and a row per node. */
export function progressRows (progress: JobProgress, nameOf: NameOf): string[] {
  const { total } = progress
  const nodes = [...progress.nodes.values()]
  const rows = [uploadRow('upload', progress)]
  if (nodes.length <= MAX_NODE_ROWS) return [...rows, ...nodes.map(node => nodeRow(node, total, nameOf))]
  const done = nodes.filter(node => node.state === 'complete').length
  const bytes = nodes.reduce((sum, node) => sum + node.bytes, 0)
  const rate = nodes.reduce((sum, node) => sum + node.rate, 0)
  const slowest = nodes.filter(node => node.state !== 'complete').sort((a, b) => a.bytes - b.bytes).slice(0, SLOWEST_ROWS)
  return [...rows, row(`${done} of ${nodes.length}`, bytes, total * nodes.length, rateOrState(rate, 'done')), ...slowest.map(node => nodeRow(node, total, nameOf))]
}

/** How far the provider's bytes are with the base. */
export function uploadRow (name: string, { upload: { bytes, total, rate } }: JobProgress): string {
  return row(name, bytes, total, rateOrState(rate, total > 0 && bytes >= total ? 'uploaded' : ''))
}

export function nodeRow (node: NodeProgress, total: number, nameOf: NameOf): string {
  const from = node.source == null || node.state !== 'receiving' ? '' : `  from ${nameOf(node.source)}`
  const state = node.state === 'failed' ? `failed${node.reason == null ? '' : `: ${node.reason}`}` : node.state === 'complete' ? 'done' : node.state === 'waiting' ? 'waiting' : ''
  // A node that took it over from local files has received fewer bytes than it holds; done is done.
  return row(nameOf(node.peer), node.state === 'complete' ? total : node.bytes, total, rateOrState(node.rate, state) + from)
}

function row (name: string, bytes: number, total: number, rest: string): string {
  return `${name.padEnd(NAME_CELLS)} ${bar(bytes, total)} ${formatPercent(bytes, total).padStart(5)} ${formatBytes(bytes).padStart(9)}  ${rest}`.trimEnd()
}

function rateOrState (rate: number, state: string): string {
  return rate > 0 ? formatRate(rate) : state
}

export function bar (part: number, whole: number): string {
  const eighths = whole > 0 ? Math.floor(Math.min(1, part / whole) * BAR_CELLS * 8) : 0
  const filled = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
  return `▕${filled.padEnd(BAR_CELLS)}▏`
}

/** Names from labels where there are any, else the tail of the peer id. */
export function createNames (base: string, nodes: ReadonlyArray<{ peer: string, labels: Record<string, string> }>): NameOf {
  const named = new Map(nodes.flatMap(({ peer, labels }) => labels.name == null ? [] : [[peer, labels.name] as const]))
  return peer => peer === base ? 'base' : named.get(peer) ?? shortPeer(peer)
}
