import type { NodeSummary } from '@sluice/sdk'
import { parsePath } from '@sluice/wire'
import { peerIdProblem } from './address.ts'
import { UsageError } from './failure.ts'

/** `NODE:/path` of a command line. */
export interface RemotePlace {
  /** As it was written: a peer id, the end of one, or the node's label `name`. */
  readonly node: string
  /** With a slash in front. */
  readonly path: string
  /** Whether it was written as a folder to put something in: with a slash behind. */
  readonly isFolder: boolean
}

/** The end of a peer id says enough from so many characters on; it is what displays show. */
const MIN_TAIL = 6

/** @throws {UsageError | PathError} */
export function parsePlace (text: string): RemotePlace {
  const colon = text.indexOf(':')
  const node = colon < 0 ? text : text.slice(0, colon)
  const path = colon < 0 ? '/' : text.slice(colon + 1)
  if (node === '' || node.includes('/') || !path.startsWith('/')) throw new UsageError(`${JSON.stringify(text)} is no place on a node; write NODE:/path, where NODE is a peer id of \`sluice nodes\`, its last characters, or the node's label \`name\``)
  parsePath(path)
  return { node, path, isFolder: path.endsWith('/') }
}

/**
 * The peer id of the node that is meant.
 *
 * @param nodes - lists the fleet's; only asked where `node` is no peer id by itself
 * @throws {UsageError} where it is none, or more than one
 */
export async function resolveNode (node: string, nodes: () => Promise<NodeSummary[]>): Promise<string> {
  if (peerIdProblem(node) == null) return node
  const all = await nodes()
  const named = all.filter(({ labels }) => labels.name === node)
  const found = named.length > 0 ? named : all.filter(({ peer }) => node.length >= MIN_TAIL && peer.endsWith(node.replace(/^…/, '')))
  if (found.length === 1) return (found[0] as NodeSummary).peer
  throw new UsageError(found.length === 0
    ? `no node is called ${JSON.stringify(node)}; \`sluice nodes\` lists them`
    : `${JSON.stringify(node)} may be any of ${found.map(({ peer }) => peer).join(', ')}; write the peer id`)
}
