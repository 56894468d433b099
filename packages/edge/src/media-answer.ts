import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { parseRange, rangeOf } from './byte-range.ts'
import type { Medium } from './medium.ts'
import { cacheControl, mediaTypeOf } from './media-type.ts'
import { asksForTag, verdictOf } from './preconditions.ts'

/** Status, headers, and which bytes follow; `end` is undefined for a live medium that is followed to its end. */
export interface MediaAnswer {
  readonly status: 200 | 206 | 304 | 412 | 416
  readonly headers: OutgoingHttpHeaders
  /** Undefined where no bytes follow. */
  readonly body: { readonly first: number, readonly end: number | undefined } | undefined
}

export interface MediaQuestion {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** Last component of the path. */
  readonly name: string
  /** Whether caches may keep it for others. */
  readonly shared: boolean
  readonly nowMs: number
}

/** A browser that opens such a file itself shows it, and runs nothing in it. */
const SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/**
 * What to answer to a GET or HEAD of a medium. Waits for the first byte that is
 * to be sent: after the status has gone out there is no way to say that it did not come.
 *
 * @throws {MediumError}
 */
export async function answerOf (medium: Medium, question: MediaQuestion, signal: AbortSignal): Promise<MediaAnswer> {
  const { method, headers: asked, name, shared, nowMs } = question
  const digest = await medium.digest(asksForTag(asked))
  const etag = digest == null ? undefined : `"${digest}"`
  const { type, role, active } = mediaTypeOf(name)
  const common: OutgoingHttpHeaders = {
    'accept-ranges': 'bytes',
    'cache-control': cacheControl(role, medium.arriving, shared),
    'last-modified': new Date(medium.modifiedMs).toUTCString(),
    ...etag == null ? {} : { etag }
  }
  const verdict = verdictOf(asked, { etag, modifiedMs: medium.modifiedMs }, method, nowMs)
  if (verdict === 'failed') return { status: 412, headers: {}, body: undefined }
  if (verdict === 'not-modified') return { status: 304, headers: common, body: undefined }
  const described = { ...common, 'content-type': type, ...active ? { 'content-security-policy': SANDBOX } : {} }
  const range = verdict === 'go-on' ? asked.range : undefined
  if (medium.size == null) {
    const part = await livePart(medium, range, signal)
    if (part != null) return { status: 206, headers: { ...described, 'content-range': `bytes ${part.first}-${part.end - 1}/*`, 'content-length': part.end - part.first }, body: part }
  }
  // It may have ended while its edge was waited for.
  const { size } = medium
  if (size == null) {
    if (method === 'GET') await medium.ready(0, signal)
    return { status: 200, headers: described, body: { first: 0, end: undefined } }
  }
  const wanted = rangeOf(range, size)
  if (wanted.kind === 'unsatisfiable') return { status: 416, headers: { 'content-range': `bytes */${size}`, 'accept-ranges': 'bytes' }, body: undefined }
  const body = wanted.kind === 'whole' ? { first: 0, end: size } : { first: wanted.first, end: wanted.last + 1 }
  if (method === 'GET' && body.first < body.end) await medium.ready(body.first, signal)
  const length = { 'content-length': body.end - body.first }
  if (wanted.kind === 'whole') return { status: 200, headers: { ...described, ...length }, body }
  return { status: 206, headers: { ...described, ...length, 'content-range': `bytes ${wanted.first}-${wanted.last}/${size}` }, body }
}

/**
 * Of a medium whose length nobody knows, what is there of the range: a part must
 * name its last byte. From byte 0 on to the end it is followed as a whole instead;
 * so are its last bytes, which nobody can know.
 */
async function livePart (medium: Medium, range: string | undefined, signal: AbortSignal): Promise<{ first: number, end: number } | undefined> {
  const [spec, ...more] = parseRange(range) ?? []
  if (spec == null || more.length > 0 || spec.kind === 'suffix' || (spec.kind === 'from' && spec.first === 0)) return undefined
  await medium.ready(spec.first, signal)
  if (medium.size != null) return undefined
  const held = medium.heldUntil(spec.first)
  return { first: spec.first, end: spec.kind === 'from' ? held : Math.min(held, spec.last + 1) }
}
