import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

export interface CrowdInit {
  readonly url: string
  /** Of the medium, in bytes. */
  readonly size: number
  readonly viewers: number
  /** Of one viewer, in bytes per second. */
  readonly rate: number
  readonly signal: AbortSignal
}

export interface CrowdResult {
  readonly requests: number
  readonly bytes: number
  /** Answers that were no 206, broke off, or had another length than was asked for. */
  readonly errors: number
  /** Parts that took longer than they play: the viewer's picture would have stood still without a buffer. */
  readonly late: number
  readonly slowestMs: number
}

/** A part is what plays in a second, as with HLS. */
const PART_MS = 1_000

/** Viewers who each read a medium part by part, as fast as it plays, and begin anew at its end. */
export async function crowd ({ url, size, viewers, rate, signal }: CrowdInit): Promise<CrowdResult> {
  const agent = new Agent({ keepAlive: true })
  const result = { requests: 0, bytes: 0, errors: 0, late: 0, slowestMs: 0 }
  const view = async (viewer: number): Promise<void> => {
    let at = Math.floor(size / viewers * viewer)
    // They did not all come in the same moment.
    let dueMs = performance.now() + PART_MS / viewers * viewer
    for (; !signal.aborted; dueMs += PART_MS) {
      await delay(Math.max(0, dueMs - performance.now()))
      if (signal.aborted) break
      const end = Math.min(size, at + rate * PART_MS / 1000)
      const startedMs = performance.now()
      const got = await part(agent, url, at, end - 1).catch(() => -1)
      const tookMs = performance.now() - startedMs
      result.requests++
      if (got === end - at) result.bytes += got
      else result.errors++
      if (tookMs > PART_MS) result.late++
      result.slowestMs = Math.max(result.slowestMs, Math.round(tookMs))
      at = end === size ? 0 : end
    }
  }
  await Promise.all(Array.from({ length: viewers }, async (_, viewer) => await view(viewer)))
  agent.destroy()
  return result
}

async function part (agent: Agent, url: string, first: number, last: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    const asking = request(url, { agent, headers: { range: `bytes=${first}-${last}` } }, response => {
      let bytes = 0
      response.on('data', (data: Buffer) => { bytes += data.length })
      response.on('end', () => resolve(response.statusCode === 206 ? bytes : -1))
      response.on('error', reject)
    })
    asking.on('error', reject)
    asking.end()
  })
}
