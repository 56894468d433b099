import type { JournalError } from '@sluice/store'
import type { Logger } from './log.ts'

/**
 * The journal's disk fails: what this process did next could not be remembered,
 * and trying again could succeed without what the kernel dropped. Uncaught, the
 * error ends the process; whoever supervises it starts it again from what is durable.
 */
export function endOnFailure (log: Logger): (error: JournalError) => void {
  return error => {
    log.error('the journal failed: this process ends, start it again when its disk is well', { error: error.message })
    process.nextTick(() => { throw error })
  }
}
