/** Ethernet header and a full IP packet: what counts against a shaper. */
const FRAME_BYTES = 1514
/** A shaper lets this much through at once: enough frames for its timer, and no more than a moment of its rate. */
const BURST_FRAMES = 10
const BURST_MS = 2
/** What a shaper holds before it drops, as a time: an access link's queue. */
const QUEUE_MS = 50

/** Arguments of `tc qdisc … root` for a link of so many bits per second. */
export function shaper (bitsPerS: number): string[] {
  const burst = Math.max(BURST_FRAMES * FRAME_BYTES, Math.round(bitsPerS / 8 * BURST_MS / 1000))
  return ['tbf', 'rate', `${Math.round(bitsPerS)}bit`, 'burst', `${burst}b`, 'latency', `${QUEUE_MS}ms`]
}

/** What of a wire's rate TCP can use: 1448 bytes of payload in each frame of 1514. Measurements must come near it; bounds rest on the measurements. */
export const TCP_SHARE = 1448 / FRAME_BYTES
