import type { Logger } from '@sluice/node'

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type Level = (typeof LEVELS)[number]

/** One JSON object per line: what a daemon says. `write` decides where to. */
export function createJsonLog (level: Level, write: (line: string) => void): Logger {
  return createLog(level, (name, msg, fields) => {
    // `msg` stands first, so that a line can be recognised by its beginning.
    write(JSON.stringify({ msg, ...fields, level: name, at: new Date().toISOString() }, plain))
  })
}

/** Plain sentences on stderr: what a command that ends by itself says beside its output. */
export function createTextLog (level: Level): Logger {
  return createLog(level, (name, msg, fields) => {
    const details = fields == null ? '' : ` ${JSON.stringify(fields, plain)}`
    process.stderr.write(`sluice: ${name}: ${msg}${details}\n`)
  })
}

function createLog (level: Level, emit: (level: Level, msg: string, fields?: object) => void): Logger {
  const from = LEVELS.indexOf(level)
  const at = (name: Level) => (msg: string, fields?: object): void => {
    if (LEVELS.indexOf(name) >= from) emit(name, msg, fields)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

// What JSON has no word for: an error would print as {}, a bigint would throw.
function plain (_key: string, value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message }
  if (typeof value === 'bigint') return Number(value)
  return value
}
