import { type Capability, type Intent, isBelow, open } from '@sluice/wire'

/** One that is about to expire is not used for what may take a while, in milliseconds. */
const LEEWAY_MS = 30_000

/** What this peer may do with others' media, as far as it has asked: asked once, and kept until it expires. */
export class Capabilities {
  readonly #ask: (intent: Omit<Intent, 'peer'>, signal: AbortSignal | undefined) => Promise<Uint8Array>
  readonly #kept = new Map<string, Array<{ value: Capability, bytes: Uint8Array }>>()

  /** @param ask - asks the base for a signed Capability; rejects with its reason */
  constructor (ask: (intent: Omit<Intent, 'peer'>, signal: AbortSignal | undefined) => Promise<Uint8Array>) {
    this.#ask = ask
  }

  /** A signed Capability that covers the intent. */
  async for (intent: Omit<Intent, 'peer'>, signal?: AbortSignal): Promise<Uint8Array> {
    const kept = (this.#kept.get(intent.node) ?? []).filter(({ value }) => value.expires - LEEWAY_MS > Date.now())
    this.#kept.set(intent.node, kept)
    const known = kept.find(({ value }) => value.verbs.includes(intent.verb) && isBelow(value.path, intent.path))
    if (known != null) return known.bytes
    const bytes = await this.#ask(intent, signal)
    kept.push({ value: (await open('capability', bytes)).value, bytes })
    return bytes
  }
}
