/**
 * An explicit-state model checker in one file: breadth first, so that the first violation found has a shortest trace.
 *
 * States are kept only as their canonical key and decoded again for expansion: a million of them fit into a few hundred
 * megabytes. Besides the invariants it checks two things about the whole graph: no state without a way on that is not
 * an accepted end, and from every state some end can be reached. When the graph has no cycle, which `acyclic` reports,
 * the second is stronger: every path ends, under any scheduler.
 */
export interface Step<S> {
  label: string
  state: S
  /** A rule about the step itself, such as "nobody is approached twice", that this step breaks. */
  violation?: string
}

export interface Model<S> {
  initial: S
  /** `whole` switches partial-order reduction off: a trace is replayed in the ranks it began with, not in canonical ones. */
  steps: (state: S, whole: boolean) => Array<Step<S>>
  encode: (state: S) => string
  /** Equal for states that are equal under some renaming. May be slow: it is used for traces only. */
  identity: (state: S) => string
  decode: (key: string) => S
  isEnd: (state: S) => boolean
  check: (state: S) => string | undefined
}

export interface Violation {
  message: string
  trace: string[]
}

export interface Exploration<S> {
  states: number
  transitions: number
  depth: number
  acyclic: boolean
  ends: S[]
  violation?: Violation
}

const MAX_STATES = 4_000_000

export function explore<S> (model: Model<S>): Exploration<S> {
  const first = model.encode(model.initial)
  const keys = [first]
  const indexes = new Map([[first, 0]])
  const parents = [-1]
  const depths = [0]
  const edgeFrom: number[] = []
  const edgeTo: number[] = []
  const endIndexes: number[] = []

  const report = (violation?: Violation): Exploration<S> => ({
    states: keys.length,
    transitions: edgeTo.length,
    depth: depths.at(-1) ?? 0,
    acyclic: violation === undefined && isAcyclic(keys.length, edgeFrom, edgeTo),
    ends: endIndexes.map(index => model.decode(keys[index] ?? '')),
    violation
  })
  const violated = (message: string, index: number, lastKey?: string): Exploration<S> =>
    report({ message, trace: replay(model, pathTo(index, keys, parents, lastKey)) })

  for (let index = 0; index < keys.length; index++) {
    const state = model.decode(keys[index] ?? '')
    const broken = model.check(state)
    if (broken !== undefined) return violated(broken, index)

    const steps = model.steps(state, false)
    if (model.isEnd(state)) endIndexes.push(index)
    else if (steps.length === 0) return violated('deadlock: no step is possible and the job is not closed', index)

    for (const step of steps) {
      const key = model.encode(step.state)
      if (step.violation !== undefined) return violated(step.violation, index, key)
      let target = indexes.get(key)
      if (target === undefined) {
        target = keys.length
        if (target === MAX_STATES) throw new Error(`More than ${MAX_STATES} states: choose a smaller scenario`)
        indexes.set(key, target)
        keys.push(key)
        parents.push(index)
        depths.push((depths[index] ?? 0) + 1)
      }
      edgeFrom.push(index)
      edgeTo.push(target)
    }
  }

  const stuck = firstThatCannotEnd(keys.length, edgeFrom, edgeTo, endIndexes)
  return stuck < 0 ? report() : violated('livelock: no end can be reached from here', stuck)
}

function pathTo (index: number, keys: string[], parents: number[], lastKey?: string): string[] {
  const path = lastKey === undefined ? [] : [lastKey]
  for (let at = index; at >= 0; at = parents[at] ?? -1) path.unshift(keys[at] ?? '')
  return path
}

/** Canonical keys rename the servers at every step, so the labels are taken from a second walk that does not rename. */
function replay<S> (model: Model<S>, path: string[]): string[] {
  let state = model.initial
  return path.slice(1).map((key) => {
    const identity = model.identity(model.decode(key))
    const step = model.steps(state, true).find(step => model.identity(step.state) === identity)
    if (step === undefined) throw new Error('The trace cannot be replayed: some step is not invariant under renaming')
    state = step.state
    return step.label
  })
}

function firstThatCannotEnd (states: number, from: number[], to: number[], ends: number[]): number {
  const { starts, sorted } = groupBy(states, to, from)
  const reached = new Uint8Array(states)
  const stack = [...ends]
  for (const end of ends) reached[end] = 1
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const source of sorted.subarray(starts[at], starts[at + 1])) {
      if (reached[source] === 1) continue
      reached[source] = 1
      stack.push(source)
    }
  }
  return reached.indexOf(0)
}

function isAcyclic (states: number, from: number[], to: number[]): boolean {
  const { starts, sorted } = groupBy(states, from, to)
  const incoming = new Int32Array(states)
  for (const target of to) incoming[target] = (incoming[target] ?? 0) + 1
  const stack = [0]
  let removed = 0
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    removed++
    for (const target of sorted.subarray(starts[at], starts[at + 1])) {
      incoming[target] = (incoming[target] ?? 0) - 1
      if (incoming[target] === 0) stack.push(target)
    }
  }
  return removed === states
}

/** Edges as compressed rows: the values of row r are `sorted[starts[r] .. starts[r + 1])`. */
function groupBy (states: number, rows: number[], values: number[]): { starts: Int32Array, sorted: Int32Array } {
  const starts = new Int32Array(states + 1)
  for (const row of rows) starts[row + 1] = (starts[row + 1] ?? 0) + 1
  for (let row = 0; row < states; row++) starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0)
  const next = starts.slice()
  const sorted = new Int32Array(values.length)
  rows.forEach((row, edge) => {
    const place = next[row] ?? 0
    sorted[place] = values[edge] ?? 0
    next[row] = place + 1
  })
  return { starts, sorted }
}
