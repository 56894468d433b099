import type { Sample } from './meter.ts'
import { PIECE_BYTES } from './plan.ts'

const WIDTH = 960
const HEIGHT = 540
const MARGIN = { left: 72, right: 24, top: 48, bottom: 56 }
const MIB = 2 ** 20
/** Lines of a large fleet are thin and let others shine through. */
const MANY = 32
const BASE_COLOUR = '#b3261e'
const TICKS = 8

export interface PlotInit {
  readonly title: string
  readonly samples: readonly Sample[]
  /** What time counts from, in microseconds. */
  readonly startUs: number
}

/** Each node's progress over time, and the base's, as an SVG. */
export function plotOf ({ title, samples, startUs }: PlotInit): string {
  const endS = Math.max(1e-3, ((samples.at(-1)?.atUs ?? startUs) - startUs) / 1e6)
  const hosts = samples[0]?.pieces.length ?? 0
  const most = Math.max(1, ...samples.flatMap(({ pieces }) => [...pieces])) * PIECE_BYTES / MIB
  const x = (seconds: number): number => MARGIN.left + seconds / endS * (WIDTH - MARGIN.left - MARGIN.right)
  const y = (mib: number): number => HEIGHT - MARGIN.bottom - mib / most * (HEIGHT - MARGIN.top - MARGIN.bottom)
  const lines: string[] = []
  for (let host = hosts - 1; host >= 0; host--) lines.push(line(host, hosts, samples.map(({ atUs, pieces }) => [x((atUs - startUs) / 1e6), y((pieces[host] as number) * PIECE_BYTES / MIB)])))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" fill="#222">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fdfdfb"/>`,
    `<text x="${MARGIN.left}" y="28" font-size="16">${escaped(title)}</text>`,
    ...ticksOf(endS).map(seconds => `<path d="M${fixed(x(seconds))} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}" stroke="#ddd"/><text x="${fixed(x(seconds))}" y="${HEIGHT - MARGIN.bottom + 20}" text-anchor="middle">${label(seconds)}</text>`),
    ...ticksOf(most).map(mib => `<path d="M${MARGIN.left} ${fixed(y(mib))}H${WIDTH - MARGIN.right}" stroke="#ddd"/><text x="${MARGIN.left - 8}" y="${fixed(y(mib) + 4)}" text-anchor="end">${label(mib)}</text>`),
    ...lines,
    `<path d="M${MARGIN.left} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}H${WIDTH - MARGIN.right}" fill="none" stroke="#222"/>`,
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">time since the job was opened, s</text>`,
    `<text transform="translate(20 ${(MARGIN.top + HEIGHT - MARGIN.bottom) / 2}) rotate(-90)" text-anchor="middle">held and verified, MiB</text>`,
    `<text x="${WIDTH - MARGIN.right}" y="28" text-anchor="end"><tspan fill="${BASE_COLOUR}">base</tspan><tspan dx="12" fill="hsl(210 60% 40%)">nodes, by rank</tspan></text>`,
    '</svg>',
    ''
  ].join('\n')
}

function line (host: number, hosts: number, points: ReadonlyArray<readonly [number, number]>): string {
  const path = points.map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${fixed(px)} ${fixed(py)}`).join('')
  const many = hosts > MANY
  const colour = host === 0 ? BASE_COLOUR : `hsl(${Math.round(180 + 100 * host / hosts)} 60% 45%)`
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${host === 0 ? 2.5 : many ? 0.7 : 1.4}"${many && host > 0 ? ' stroke-opacity="0.5"' : ''}/>`
}

/** Round numbers from 0 to `end`: steps of 1, 2 or 5 × a power of ten. */
export function ticksOf (end: number): number[] {
  const rough = end / TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find(factor => factor * power >= rough) as number)
  return Array.from({ length: Math.floor(end / step * (1 + 1e-9)) + 1 }, (_, index) => index * step)
}

function label (value: number): string {
  return String(Number(value.toPrecision(6)))
}

function fixed (value: number): string {
  return value.toFixed(1)
}

function escaped (text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
}
