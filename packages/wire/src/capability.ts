import type { Capability } from './pb/signed.ts'

/** What can be done with the media of a server, by capability. */
export const VERBS = ['list', 'stat', 'get', 'put', 'mkdir', 'setattr'] as const
export type Verb = typeof VERBS[number]

export function isVerb (word: string): word is Verb {
  return (VERBS as readonly string[]).includes(word)
}

/** What somebody wants to do where. */
export interface Intent {
  readonly peer: string
  readonly node: string
  readonly path: readonly string[]
  readonly verb: string
}

/** How far two members' clocks may differ, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000

/** Whether `path` is `prefix` or below it. Exact: a file system that folds case makes a capability narrower, never wider. */
export function isBelow (prefix: readonly string[], path: readonly string[]): boolean {
  return prefix.length <= path.length && prefix.every((component, index) => component === path[index])
}

/**
 * Why a capability does not allow something; undefined if it does. Its
 * signature is the caller's to check.
 */
export function capabilityProblem (capability: Capability, base: string, intent: Intent, nowMs: number): string | undefined {
  if (capability.base !== base) return `the capability is of the fleet ${capability.base}`
  if (capability.peer !== intent.peer) return `the capability is ${capability.peer}'s: ask the base for one of your own`
  if (capability.node !== intent.node) return `the capability is for ${capability.node}, not for this server`
  if (capability.expires + CLOCK_SKEW_MS < nowMs) return `the capability expired at ${new Date(capability.expires).toISOString()}: ask the base for a new one`
  if (!capability.verbs.includes(intent.verb)) return `the capability does not allow to ${intent.verb}, only to ${capability.verbs.join(', ')}`
  if (!isBelow(capability.path, intent.path)) return `the capability ends at /${capability.path.join('/')}`
  return undefined
}
