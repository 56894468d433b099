/** Rates of one host's access, in bits per second on the wire. */
export interface Access {
  readonly up: number
  readonly down: number
}

/** One experiment: a fleet, what is sent to it, and what is done to it meanwhile. */
export interface LabCase {
  readonly name: string
  readonly base: Access
  readonly nodes: readonly Access[]
  readonly mib: number
  readonly runs: number
  /** Nodes state their upload rate in their configuration (`limits.upload`), as an operator of unequal links would. */
  readonly declared: boolean
  /** T0: the base holds all of the media and is let go, or the provider asks for the job and its upload is in the time. */
  readonly start: 'held' | 'uploading'
  /** Time that every frame between two hosts is held, one way; 0: only queues delay. */
  readonly delayMs: number
  readonly throttle: Throttle | undefined
  /** The highest last ÷ T* (with a throttle: throttled ÷ unthrottled) that is promised. */
  readonly limit: number | undefined
}

/** One relay's uplink is cut to `factor` of its rate when `at` of T* has passed. */
export interface Throttle {
  readonly factor: number
  readonly at: number
}

export interface CaseOptions {
  readonly nodes?: number
  readonly mbit?: number
  readonly mib?: number
  readonly runs?: number
  readonly heterogeneous?: boolean
  readonly declared?: boolean
  readonly start?: LabCase['start']
  readonly delayMs?: number
  readonly throttle?: Throttle | undefined
  readonly limit?: number
}

const MBIT = 1e6
/** Nothing here takes longer to get going than a few seconds, so three runs of a minute show what a fleet does. */
const RUNS = 3
/** The heterogeneous case of the anchors, relative to the source: half of the nodes send at a quarter of its rate, half at twice. */
const SLOW = 0.25
const FAST = 2

/** @throws {RangeError} if there can be no such fleet */
export function labCase (options: CaseOptions): LabCase {
  const { nodes = 8, mbit = 20, mib = 64, runs = RUNS, heterogeneous = false, start = 'held', delayMs = 0, throttle } = options
  if (throttle != null && nodes < 3) throw new RangeError('--throttle needs 3 nodes: a relay, and two that can do without it')
  const rate = mbit * MBIT
  const access = (index: number): Access => {
    if (!heterogeneous) return { up: rate, down: rate }
    return { up: rate * (index < nodes / 2 ? SLOW : FAST), down: rate * FAST }
  }
  const words = [`${nodes} × ${mbit} Mbit/s${heterogeneous ? ' heterogeneous' : ''}`, `${mib} MiB`]
  if (delayMs > 0) words.push(`${delayMs} ms away`)
  if (start === 'uploading') words.push('with its upload')
  if (throttle != null) words.push(`one relay at ${throttle.factor * 100} %`)
  return {
    name: words.join(', '),
    base: { up: rate, down: rate },
    nodes: Array.from({ length: nodes }, (_, index) => access(index)),
    mib,
    runs,
    declared: options.declared ?? heterogeneous,
    start,
    delayMs,
    throttle,
    limit: options.limit
  }
}

/** What is promised of the lab, one case after the other: the settings are those of the performance notes. */
export function suite (overrides: Pick<CaseOptions, 'mib' | 'runs'>): LabCase[] {
  const cases: CaseOptions[] = [
    { nodes: 8, mbit: 20, mib: 64, limit: 1.10 },
    { nodes: 16, mbit: 10, mib: 32, limit: 1.10 },
    { nodes: 8, mbit: 40, mib: 64, limit: 1.20 },
    { nodes: 8, mbit: 20, mib: 64, heterogeneous: true, limit: 1.10 },
    // 128 MiB: the smallest media whose chunks have more than one piece, so that there is a middle to resume in.
    { nodes: 8, mbit: 20, mib: 128, throttle: { factor: 0.05, at: 0.5 }, limit: 1.20 },
    { nodes: 8, mbit: 20, mib: 64, delayMs: 40, limit: 1.25 }
  ]
  return cases.map(options => labCase({ ...options, ...overrides }))
}
