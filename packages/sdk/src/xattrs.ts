import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ExtendedAttribute } from '@sluice/wire'
import { SourceError } from './errors.ts'

/** Extended attributes of local files, by their paths as they were scanned. */
export type XattrsByPath = Map<string, ExtendedAttribute[]>

/** A listing of a million files with an attribute or two. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024
const run = promisify(execFile)

/**
 * The extended attributes of everything at `path`, by the program `getfattr`: Node has no call for it.
 *
 * @throws {SourceError} if the program is missing or fails
 */
export async function readXattrs (path: string): Promise<XattrsByPath> {
  try {
    const { stdout } = await run('getfattr', ['--recursive', '--physical', '--dump', '--absolute-names', '--encoding=base64', '--', path], { maxBuffer: MAX_OUTPUT_BYTES, encoding: 'latin1' })
    return parseXattrs(stdout)
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new SourceError(missing ? 'extended attributes cannot be read without the program getfattr: install it (package attr), or publish without them' : `extended attributes of ${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

/** Text of `getfattr --dump --encoding=base64`, whose bytes are its characters. */
export function parseXattrs (text: string): XattrsByPath {
  const found: XattrsByPath = new Map()
  let current: ExtendedAttribute[] = []
  for (const line of text.split('\n')) {
    const file = /^# file: (.*)$/.exec(line)?.[1]
    if (file != null) found.set(unescaped(file), current = [])
    const [, name, value] = /^([^#=][^=]*)=0s(.*)$/.exec(line) ?? []
    if (name != null) current.push({ name: unescaped(name), value: Buffer.from(value ?? '', 'base64') })
    else if (file == null && /^[^#=][^=]*$/.test(line)) current.push({ name: unescaped(line), value: new Uint8Array() })
  }
  return found
}

/** Backslashes, line ends and the like stand as three octal digits. */
function unescaped (text: string): string {
  return Buffer.from(text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8))), 'latin1').toString('utf8')
}
