import { errandsAtOnce, handedOn, Ranges, viewOf } from '@sluice/core'

/**
 * Who meets whom in one job: views, and the way on which the job is handed over.
 * Each pair is two half-edges, one at each end, numbered so that those of one
 * node stand together; position 0 is the base, rank r is r + 1.
 */
export interface Graph {
  /** Half-edges of node i: `first[i]` … `first[i + 1] - 1`. */
  readonly first: Int32Array
  readonly peer: Int32Array
  readonly owner: Int32Array
  /** The half-edge at the other end. */
  readonly twin: Int32Array
  /** Whether the peer is in its owner's view; one may be in the other's alone, having been drawn by it. */
  readonly inView: Uint8Array
  /** Whether its owner dials when it gets the job. */
  readonly dials: Uint8Array
  /** Half-edges to those that node i hands the job to, in order: `firstChild[i]` … in `child`. */
  readonly firstChild: Int32Array
  readonly child: Int32Array
}

const LOWER = 1
const HIGHER = 2

/** @param nodes - beside the base */
export function graphOf (job: string, nodes: number): Graph {
  const members = nodes + 1
  const pairs = viewPairs(job, members)
  const children = tree(nodes)
  // Whoever hands the job over is a partner, too, whether in view or not.
  for (const [parent, list] of children.entries()) for (const child of list) if (!pairs.has(key(parent, child, members))) pairs.set(key(parent, child, members), 0)
  const degree = new Int32Array(members + 1)
  for (const pair of pairs.keys()) {
    degree[Math.floor(pair / members)]!++
    degree[pair % members]!++
  }
  const first = new Int32Array(members + 1)
  for (let i = 0; i < members; i++) first[i + 1] = first[i]! + degree[i]!
  const total = first[members]!
  const graph = { first, peer: new Int32Array(total), owner: new Int32Array(total), twin: new Int32Array(total), inView: new Uint8Array(total), dials: new Uint8Array(total), firstChild: new Int32Array(members + 1), child: new Int32Array(nodes) }
  const next = first.slice()
  for (const [pair, views] of pairs) {
    const a = Math.floor(pair / members)
    const b = pair % members
    const ha = next[a]!++
    const hb = next[b]!++
    graph.owner[ha] = a
    graph.owner[hb] = b
    graph.peer[ha] = b
    graph.peer[hb] = a
    graph.twin[ha] = hb
    graph.twin[hb] = ha
    // Pairs are named with the lower position first.
    graph.inView[ha] = graph.dials[ha] = (views & LOWER) === 0 ? 0 : 1
    graph.inView[hb] = (views & HIGHER) === 0 ? 0 : 1
    graph.dials[hb] = views === HIGHER ? 1 : 0
  }
  let at = 0
  for (const [parent, list] of children.entries()) {
    graph.firstChild[parent] = at
    for (const child of list) graph.child[at++] = halfEdge(graph, parent, child)
  }
  graph.firstChild[members] = at
  return graph
}

/** @returns the half-edge from one to the other; -1 if they are no partners */
export function halfEdge ({ first, peer }: Graph, from: number, to: number): number {
  for (let h = first[from]!; h < first[from + 1]!; h++) if (peer[h] === to) return h
  return -1
}

function key (a: number, b: number, members: number): number {
  return Math.min(a, b) * members + Math.max(a, b)
}

/** Pairs of partners, by who has whom in its view: the lower position the higher, the other way round, or both. */
function viewPairs (job: string, members: number): Map<number, number> {
  const pairs = new Map<number, number>()
  for (let i = 0; i < members; i++) {
    for (const other of viewOf(job, i, members)) {
      const pair = key(i, other, members)
      pairs.set(pair, (pairs.get(pair) ?? 0) | (i < other ? LOWER : HIGHER))
    }
  }
  return pairs
}

/** Whom each position hands the job to while nobody fails: as many as it may approach at once, and then one whenever one is done. */
function tree (nodes: number): number[][] {
  const children: number[][] = Array.from({ length: nodes + 1 }, () => [])
  const waiting: Array<readonly [position: number, ranges: Ranges]> = [[0, new Ranges([{ first: 0, end: nodes }])]]
  for (let item = waiting.pop(); item != null; item = waiting.pop()) {
    const [position, ranges] = item
    let free = errandsAtOnce(nodes)
    for (let rank = ranges.takeFirst(); rank != null; rank = ranges.takeFirst()) {
      children[position]!.push(rank + 1)
      waiting.push([rank + 1, new Ranges(ranges.takeLast(handedOn(ranges.size, free)))])
      free = Math.max(1, free - 1)
    }
  }
  return children
}
