import { constants } from 'node:buffer'
import { createHash } from 'node:crypto'
import { BundleError, type BundleParts } from './bundle-parts.ts'
import type { Summary } from './bundle-summary.ts'
import { LineReader } from './line-reader.ts'

export const BUNDLE_FORMAT = 'sluice-receipts/1'

/** The longest text looked at: 1 GiB, or what the engine can hold as one string (about half of that today). A fleet of 100,000 makes about 200 MiB. */
export const MAX_BUNDLE_CHARS = Math.min(2 ** 30, constants.MAX_STRING_LENGTH)

/** No envelope is shorter: a key (36 bytes), a signature (64) and their tags, in base 64. Keeps a hostile text from becoming a hundred million tiny buffers. */
const MIN_ENVELOPE_CHARS = 136

const TAIL = /^ {2}"sha256": "[0-9a-f]{64}"\n\}\n$/
/** Characters of what follows the text that is summed: the line `  "sha256": "…"` and the closing brace. */
const TAIL_CHARS = 81

/** A bundle's parts as they stand in its text; the summary is left unread. */
export interface ParsedBundle extends BundleParts {
  /** JSON text, not to be believed: verifyBundle derives its own and compares. */
  readonly summary: string
}

/** The one text of a bundle. It is ASCII throughout, so that no two byte sequences decode to the same text. */
export function renderBundle (parts: BundleParts, summary: Summary): string {
  const fields = {
    format: BUNDLE_FORMAT,
    job: base64(parts.job),
    commands: parts.commands.map(({ command, acceptance }) => ({ command: base64(command), acceptance: base64(acceptance) })),
    seals: parts.seals.map(base64),
    // JSON leaves out what is undefined.
    finalPages: parts.finalPages?.map(base64),
    receipts: parts.receipts.map(base64),
    report: parts.report == null ? null : base64(parts.report),
    summary
  }
  let text: string
  try {
    text = ascii(JSON.stringify(fields, null, 2))
  } catch (cause) {
    throw new BundleError(`the bundle of ${parts.receipts.length} receipts is too long for one text; split the job`, 'bundle', { cause })
  }
  const body = text.slice(0, -'\n}'.length) + ',\n'
  return `${body}  "sha256": "${checksum(body)}"\n}\n`
}

/**
 * Take a bundle's text apart. Line by line and without JSON.parse: the text has
 * one form only, and a hostile one can cost no more than its own length.
 *
 * @throws {BundleError} with the place in `where`
 */
export function parseBundle (text: string): ParsedBundle {
  if (text.length > MAX_BUNDLE_CHARS) throw new BundleError(`the bundle has ${text.length} characters and the limit is ${MAX_BUNDLE_CHARS}`, 'text')
  const body = text.slice(0, -TAIL_CHARS)
  const tail = text.slice(-TAIL_CHARS)
  if (!TAIL.test(tail)) throw new BundleError('the text does not end in its checksum: it was cut off or altered; fetch it again', 'sha256')
  if (tail.slice(13, 77) !== checksum(body)) throw new BundleError('the text is not what its checksum says: it was altered; fetch it again', 'sha256')

  const reader = new LineReader(body)
  reader.expect('{', 'text')
  reader.expect(`  "format": "${BUNDLE_FORMAT}",`, 'format')
  const job = envelope(reader.between('  "job": "', '",', 'job'), 'job')
  const commands = reader.list('commands', (where) => {
    if (!reader.skip('    {')) return undefined
    const command = envelope(reader.between('      "command": "', '",', where), where)
    const acceptance = envelope(reader.between('      "acceptance": "', '"', where), where)
    return { value: { command, acceptance }, last: reader.close('    }', where) }
  })
  const seals = envelopes(reader, 'seals')
  const finalPages = reader.peek('  "finalPages": [') ? envelopes(reader, 'finalPages') : undefined
  const receipts = envelopes(reader, 'receipts')
  const report = reader.skip('  "report": null,') ? null : envelope(reader.between('  "report": "', '",', 'report'), 'report')
  return { job, commands, seals, finalPages, receipts, report, summary: reader.rest('  "summary": ', ',\n', 'summary') }
}

function envelopes (reader: LineReader, name: string): Uint8Array[] {
  return reader.list(name, (where) => {
    const found = reader.string('    ', where)
    return found == null ? undefined : { value: envelope(found.value, where), last: found.last }
  })
}

function envelope (text: string, where: string): Uint8Array {
  if (text.length < MIN_ENVELOPE_CHARS) throw new BundleError('is too short to be signed', where)
  const bytes = Buffer.from(text, 'base64')
  // Node forgives stray characters and stray bits; two texts for one envelope are one too many.
  if (bytes.toString('base64') !== text) throw new BundleError('is not in canonical base 64', where)
  return bytes
}

function base64 (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

function checksum (body: string): string {
  return createHash('sha256').update(body, 'utf8').digest('hex')
}

function ascii (json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
