/** What a Range header asks of a representation (RFC 9110, section 14). */
export type ByteRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part', readonly first: number, readonly last: number }
  | { readonly kind: 'unsatisfiable' }

/** One range-spec: from a byte on, between two, or the last so many. */
export type RangeSpec =
  | { readonly kind: 'from', readonly first: number }
  | { readonly kind: 'between', readonly first: number, readonly last: number }
  | { readonly kind: 'suffix', readonly length: number }

const WHOLE: ByteRange = { kind: 'whole' }
const UNIT = /^bytes=(.*)$/i
const SPEC = /^(\d*)-(\d*)$/

/**
 * The ranges that a header names; undefined where it is not about bytes or does
 * not follow the grammar: such a header is ignored.
 */
export function parseRange (header: string | undefined): RangeSpec[] | undefined {
  const list = UNIT.exec(header?.trim() ?? '')?.[1]
  if (list == null) return undefined
  const specs: RangeSpec[] = []
  for (const element of list.split(',').map(element => element.trim())) {
    // A list may have empty elements; a recipient passes over them.
    if (element === '') continue
    const match = SPEC.exec(element)
    const [, first = '', last = ''] = match ?? []
    if (match == null || (first === '' && last === '')) return undefined
    if (first === '') specs.push({ kind: 'suffix', length: Number(last) })
    else if (last === '') specs.push({ kind: 'from', first: Number(first) })
    else if (Number(last) < Number(first)) return undefined
    else specs.push({ kind: 'between', first: Number(first), last: Number(last) })
  }
  return specs.length === 0 ? undefined : specs
}

/**
 * The part to answer with. Of several ranges none is answered by itself: whoever
 * asks for them has to take the whole, as RFC 9110 allows, and no viewer asks.
 */
export function rangeOf (header: string | undefined, size: number): ByteRange {
  const specs = parseRange(header)
  if (specs == null) return WHOLE
  const parts = specs.map(spec => within(spec, size))
  if (parts.every(part => part.kind === 'unsatisfiable')) return { kind: 'unsatisfiable' }
  return parts.length === 1 ? parts[0] as ByteRange : WHOLE
}

function within (spec: RangeSpec, size: number): ByteRange {
  if (spec.kind === 'suffix') {
    if (spec.length === 0) return { kind: 'unsatisfiable' }
    // Satisfiable by the letter, and there is no way to say which bytes these are.
    if (size === 0) return WHOLE
    return { kind: 'part', first: Math.max(0, size - spec.length), last: size - 1 }
  }
  if (spec.first >= size) return { kind: 'unsatisfiable' }
  return { kind: 'part', first: spec.first, last: spec.kind === 'from' ? size - 1 : Math.min(spec.last, size - 1) }
}
