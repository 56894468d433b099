import type { MediaEntry } from '@sluice/sdk'
import { UsageError } from './failure.ts'
import { formatBytes, formatTime } from './format.ts'

const LETTERS = { file: '-', folder: 'd', link: 'l' } as const
const BITS = 'rwxrwxrwx'
// Wide enough for three digits and a unit.
const SIZE_CELLS = 9
const MS_PER_SECOND = 1_000

/** One entry as a line: what it is, its permissions, size, time and path, and what else was asked for. */
export function entryLine ({ path, type, size, mode, mtimeMs, digest, target }: MediaEntry): string {
  const permissions = Array.from(BITS, (letter, i) => (mode & (1 << (BITS.length - 1 - i))) === 0 ? '-' : letter).join('')
  const shown = type === 'file' ? formatBytes(size) : ''
  return [
    `${LETTERS[type]}${permissions}`,
    shown.padStart(SIZE_CELLS),
    formatTime(mtimeMs),
    ...digest == null ? [] : [digest],
    `${path === '' ? '/' : path}${type === 'folder' && path !== '' ? '/' : ''}${target == null ? '' : ` -> ${target}`}`
  ].join('  ')
}

/** As `chmod` takes it. */
export function formatMode (mode: number): string {
  return mode.toString(8).padStart(3, '0')
}

/** @throws {UsageError} */
export function parseMode (text: string | undefined): number | undefined {
  if (text == null) return undefined
  if (!/^0?[0-7]{3}$/.test(text)) throw new UsageError(`--mode ${JSON.stringify(text)} is no mode; write three octal digits, like 644`)
  return Number.parseInt(text, 8)
}

/** @throws {UsageError} */
export function parseTime (text: string | undefined): Date | undefined {
  if (text == null) return undefined
  const date = new Date(/^-?\d+(\.\d+)?$/.test(text) ? Number(text) * MS_PER_SECOND : Date.parse(text))
  if (Number.isNaN(date.getTime())) throw new UsageError(`--mtime ${JSON.stringify(text)} is no time; write 2026-01-31T12:00:00Z, or seconds since 1970`)
  return date
}
