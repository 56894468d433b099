import type { IncomingHttpHeaders } from 'node:http'

/** What conditional requests are held against. */
export interface Validators {
  /** With its quotes; undefined while the digest is not known. */
  readonly etag: string | undefined
  readonly modifiedMs: number
}

/** Whether a request goes on, and whether its Range counts. */
export type Verdict = 'go-on' | 'without-range' | 'not-modified' | 'failed'

/**
 * A date is a strong validator if the file could not have changed twice in its
 * second: if that second was over when it was asked for (RFC 9110, 8.8.2.2).
 */
const STRONG_AFTER_MS = 1_000

/** Preconditions of a GET or HEAD, in the order of RFC 9110, section 13.2.2. */
export function verdictOf (headers: IncomingHttpHeaders, { etag, modifiedMs }: Validators, method: string, nowMs: number): Verdict {
  // Dates have whole seconds.
  const modified = Math.floor(modifiedMs / 1000) * 1000
  const since = (header: string | undefined): number => header == null ? Number.NaN : Date.parse(header)

  const match = headers['if-match']
  const unmodified = since(headers['if-unmodified-since'])
  if (match != null) {
    if (!matches(match, etag, true)) return 'failed'
  } else if (modified > unmodified) return 'failed'

  const noneMatch = headers['if-none-match']
  const changed = since(headers['if-modified-since'])
  if (noneMatch != null) {
    if (matches(noneMatch, etag, false)) return 'not-modified'
  } else if (modified <= changed) return 'not-modified'

  // A Range means something with GET only.
  if (method !== 'GET') return 'without-range'
  const ifRange = headers['if-range']
  if (typeof ifRange !== 'string') return 'go-on'
  if (isTag(ifRange)) return matches(ifRange, etag, true) ? 'go-on' : 'without-range'
  return since(ifRange) === modified && nowMs - modified > STRONG_AFTER_MS ? 'go-on' : 'without-range'
}

/** Whether the verdict needs the ETag, so that it is worth to wait for it. */
export function asksForTag (headers: IncomingHttpHeaders): boolean {
  const { 'if-match': match, 'if-none-match': noneMatch, 'if-range': ifRange } = headers
  return [match, noneMatch].some(header => header != null && header.trim() !== '*') || (typeof ifRange === 'string' && isTag(ifRange))
}

function isTag (value: string): boolean {
  return /^\s*(W\/)?"/.test(value)
}

function matches (header: string, etag: string | undefined, strong: boolean): boolean {
  // It means: whatever there is. There is something, or nobody would ask.
  if (header.trim() === '*') return true
  if (etag == null) return false
  // Ours are strong, so a weak one that looks alike matches weakly only.
  return [...header.matchAll(/(W\/)?("[^"]*")/g)].some(([, weak, tag]) => tag === etag && !(strong && weak != null))
}
