import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bodyOf } from './body.ts'
import type { EdgeMetrics } from './edge-metrics.ts'
import { answerOf } from './media-answer.ts'
import { mediaPath } from './media-path.ts'
import { type MediaSource, type Medium, MediumError } from './medium.ts'
import { refusal, type SignedQuery } from './signed-url.ts'
import type { UplinkShare } from './uplink-share.ts'

export interface MediaRouteInit {
  /** Asked in this order. */
  readonly sources: readonly MediaSource[]
  /** Only signed addresses are answered. */
  readonly secret?: string | undefined
  /** What is sent instead of a medium where there is none; undefined: nothing. */
  readonly instead: (path: readonly string[], request: FastifyRequest, reply: FastifyReply) => Promise<boolean>
  /** Hold the request until what it asks for in its query is there (blocking reload of playlists). */
  readonly hold: (path: readonly string[], query: Readonly<Record<string, string | undefined>>, signal: AbortSignal) => Promise<void>
  /** What bounds the bytes to this viewer. */
  readonly sharesOf: (viewer: string) => readonly UplinkShare[]
  readonly metrics: EdgeMetrics
}

const PREFIX = '/media/'
const ALLOWED = 'GET, HEAD, OPTIONS'

/** `GET` and `HEAD /media/<path>`. */
export function mediaRoute (app: FastifyInstance, init: MediaRouteInit): void {
  const { metrics } = init
  const viewing = { count: 0 }
  app.route({
    method: ['GET', 'HEAD'],
    url: `${PREFIX}*`,
    handler: async (request, reply) => {
      const gone = new AbortController()
      reply.raw.once('close', () => { gone.abort(new MediumError(503, 'the viewer has gone')) })
      // Not when it is finished: who has read the last byte may be gone before that is noticed, and was answered all the same.
      reply.raw.once('close', () => { if (reply.raw.headersSent) metrics.requests.inc({ status: reply.statusCode }) })
      return await answer(init, viewing, request, reply, gone.signal)
    }
  })
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE'],
    url: `${PREFIX}*`,
    handler: async (_request, reply) => await reply.code(405).header('allow', ALLOWED).type('text/plain').send('Media is read here, and published by `sluice publish`.\n')
  })
}

async function answer (init: MediaRouteInit, viewing: { count: number }, request: FastifyRequest, reply: FastifyReply, signal: AbortSignal): Promise<FastifyReply> {
  const raw = (request.raw.url ?? '').replace(/\?.*$/s, '').slice(PREFIX.length)
  const path = mediaPath(raw)
  // Named twice, the last one counts: a list would be no text.
  const query: Record<string, string | undefined> = Object.fromEntries(new URL(request.raw.url ?? '', 'http://node').searchParams)
  if (init.secret != null) {
    const problem = refusal(init.secret, path, query as SignedQuery, Date.now())
    if (problem != null) throw new MediumError(403, problem)
  }
  await init.hold(path, query, signal)
  const medium = await opened(init.sources, path, signal)
  if (medium == null || raw.endsWith('/')) {
    await medium?.close()
    if (await init.instead(path, request, reply)) return reply
    throw new MediumError(404, 'there is no such medium here')
  }
  try {
    const { status, headers, body } = await answerOf(medium, {
      method: request.method,
      headers: request.headers,
      name: path.at(-1) ?? '',
      shared: init.secret == null,
      nowMs: Date.now()
    }, signal)
    reply.code(status).headers(headers)
    if (body == null || request.method === 'HEAD') {
      await medium.close()
      return await reply.send()
    }
    // It may have gone while its first byte was waited for: then nothing would close what was opened.
    signal.throwIfAborted()
    init.metrics.viewers.set(++viewing.count)
    reply.raw.once('close', () => { init.metrics.viewers.set(--viewing.count) })
    const stream = bodyOf({ medium, ...body, shares: init.sharesOf(request.ip), viewers: () => viewing.count, signal, onSent: bytes => { init.metrics.sentBytes.inc(bytes) } })
    stream.once('error', error => { if (!signal.aborted) broke(init, request, error) })
    return await reply.send(stream)
  } catch (error) {
    await medium.close()
    throw error
  }
}

function broke ({ metrics }: MediaRouteInit, request: FastifyRequest, error: Error): void {
  metrics.broken.inc()
  request.log.warn({ path: request.raw.url, error: error.message }, 'an answer broke off')
}

async function opened (sources: readonly MediaSource[], path: readonly string[], signal: AbortSignal): Promise<Medium | undefined> {
  for (const source of sources) {
    const medium = await source.open(path, signal)
    if (medium != null) return medium
  }
  return undefined
}
