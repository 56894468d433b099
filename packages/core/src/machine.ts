import type { Effect } from './effect.ts'
import type { Input } from './input.ts'

/**
 * What every decision-maker of Sluice is: synchronous, without a clock, a timer,
 * a promise or randomness of its own. The node's driver and the simulator are
 * two interpreters of the same effects.
 *
 * The law: an input is handled whole and every effect of it is performed, in
 * order, before the next input. Slow effects are started; their results come
 * back as inputs.
 */
export interface Machine<I = Input, E = Effect> {
  handle (input: I, nowMs: number): E[]
}
