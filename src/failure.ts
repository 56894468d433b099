/** What the exit status says. Others script against these numbers. */
export const EXIT = {
  /** The job is complete, or the command did what it was asked. */
  complete: 0,
  /** The command line or the configuration is wrong; nothing was tried. */
  usage: 2,
  /** Some servers have the media, others do not. */
  partial: 3,
  /** No server has it; or the base refused or could not be reached; or anything else went wrong. */
  failed: 4,
  /** 128 + SIGINT, as shells count. */
  interrupted: 130
} as const

/** The command line asks for something that cannot be done. The message says how to mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

// By name: to learn of these classes must not load libp2p for commands that never dial.
const USAGE_ERRORS = new Set(['UsageError', 'ConfigError', 'PathError'])

export function exitCodeOf (error: unknown): number {
  return error instanceof Error && USAGE_ERRORS.has(error.name) ? EXIT.usage : EXIT.failed
}

/** Say an error on stderr, and with `json` on stdout too, where the caller's script reads. */
export function reportFailure (error: unknown, json: boolean): number {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  if (json) process.stdout.write(`${JSON.stringify({ type: 'error', name, message })}\n`)
  process.stderr.write(`sluice: ${message}\n`)
  if (process.env.SLUICE_DEBUG != null && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return exitCodeOf(error)
}
