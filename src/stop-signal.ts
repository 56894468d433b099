// Ctrl-C reaches every process of the terminal's group, and npm and our shim
// pass it on besides: what comes within this time is the same keystroke.
const SAME_KEYSTROKE_MS = 1_000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** From now on the first request to stop aborts the signal; a second one ends the process at once. */
export function stopSignal (): AbortSignal {
  const controller = new AbortController()
  let firstAtMs: number | undefined
  for (const name of SIGNALS) {
    process.on(name, () => {
      const nowMs = performance.now()
      firstAtMs ??= nowMs
      if (nowMs - firstAtMs > SAME_KEYSTROKE_MS) {
        process.stderr.write(`sluice: stopped by a second ${name}, without cleaning up\n`)
        process.exit(1)
      }
      controller.abort(new Error(`stopped by ${name}`))
    })
  }
  return controller.signal
}

/** A parent that spawned us with a channel wants us gone when it goes, however it goes. */
export function stopWithParent (): void {
  if (process.channel == null) return
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // The listener alone would keep commands alive that are done.
  process.channel.unref()
}

/** Resolves when the signal is aborted, or is already. */
export function aborted (signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
