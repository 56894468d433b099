import type { FastifyInstance } from 'fastify'
import { mediaPath } from './media-path.ts'
import { mediaTypeOf } from './media-type.ts'
import { type MediaSource, MediumError } from './medium.ts'
import { refusal, type SignedQuery } from './signed-url.ts'

/** From whom this node has got what is at a path. */
export interface Origin {
  /** Job id. */
  readonly job: string
  /** How often it changed from one source to another. */
  readonly switches: number
  /** Bytes that came from each, most first. */
  readonly sources: ReadonlyArray<{ readonly peer: string, readonly role: 'base' | 'node', readonly bytes: number }>
}

export interface Origins {
  /**
   * @param beside - of all that the same job has put into the file's folder, too: what a playlist plays is there
   * @returns undefined if it is not known
   */
  find (path: readonly string[], beside: boolean): Promise<Origin | undefined>
}

export interface MediaFacts {
  /** With its slash. */
  readonly path: string
  readonly type: string
  readonly state: 'arriving' | 'complete'
  /** In bytes; null while nobody knows where a live medium ends. */
  readonly size: number | null
  readonly heldBytes: number
  /** How much of each of PARTS equal parts is here, 0 to 1; none while the size is not known. */
  readonly heldParts: readonly number[]
  readonly origin: Origin | null
}

export interface MediaFactsInit {
  readonly sources: readonly MediaSource[]
  readonly origins: Origins | undefined
  /** Only signed addresses are answered. */
  readonly secret?: string | undefined
}

const PREFIX = '/api/v1/media/'
/** As fine as a bar on a page can be looked at. */
const PARTS = 64
/** A crowd before one film asks the same: the journal is asked once in this time, in milliseconds. */
const KEEP_MS = 1_000
/** Paths whose answer is kept: more are not asked for within a second by anybody who means well. */
const MAX_KEPT = 1_000

/** `GET /api/v1/media/<path>`: how much of a medium is here, and where it came from. */
export function mediaFactsRoute (app: FastifyInstance, init: MediaFactsInit): void {
  const kept = new Map<string, { readonly untilMs: number, readonly facts: Promise<MediaFacts> }>()
  app.get(`${PREFIX}*`, async (request, reply) => {
    const path = mediaPath((request.raw.url ?? '').replace(/\?.*$/s, '').slice(PREFIX.length))
    if (init.secret != null) {
      const problem = refusal(init.secret, path, request.query as SignedQuery, Date.now())
      if (problem != null) throw new MediumError(403, problem)
    }
    const key = path.join('/')
    const now = performance.now()
    let answer = kept.get(key)
    if (answer == null || answer.untilMs <= now) {
      if (kept.size >= MAX_KEPT) kept.clear()
      kept.set(key, answer = { untilMs: now + KEEP_MS, facts: factsOf(init, path) })
    }
    return await reply.header('cache-control', 'no-store').send(await answer.facts)
  })
}

async function factsOf ({ sources, origins }: MediaFactsInit, path: readonly string[]): Promise<MediaFacts> {
  for (const source of sources) {
    const medium = await source.open(path, new AbortController().signal)
    if (medium == null) continue
    try {
      const { size, arriving } = medium
      const { type, role } = mediaTypeOf(path.at(-1) ?? '')
      const { bytes, parts } = heldOf(medium.heldRuns(), size)
      const origin = await origins?.find(path, role === 'playlist')
      return { path: `/${path.join('/')}`, type, state: arriving ? 'arriving' : 'complete', size: size ?? null, heldBytes: bytes, heldParts: parts, origin: origin ?? null }
    } finally {
      await medium.close()
    }
  }
  throw new MediumError(404, 'there is no such medium here')
}

function heldOf (runs: Iterable<{ readonly first: number, readonly end: number }>, size: number | undefined): { readonly bytes: number, readonly parts: number[] } {
  let bytes = 0
  const partBytes = (size ?? 0) / PARTS
  const held = new Array<number>(partBytes > 0 ? PARTS : 0).fill(0)
  for (const { first, end } of runs) {
    bytes += end - first
    if (partBytes === 0) continue
    for (let part = Math.floor(first / partBytes); part < PARTS && part * partBytes < end; part++) {
      held[part] = (held[part] as number) + Math.min(end, (part + 1) * partBytes) - Math.max(first, part * partBytes)
    }
  }
  return { bytes, parts: held.map(count => Math.min(1, Math.round(count / partBytes * 100) / 100)) }
}
