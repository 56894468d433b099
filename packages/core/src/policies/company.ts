import { ACKNOWLEDGE_COMPANY_MS, HAVE_COMPANY_MS, LARGE_ACKNOWLEDGE_COMPANY_MS, LARGE_HAVE_COMPANY_MS } from '../limits.ts'
import type { Message } from '../message.ts'

/**
 * How long a message may wait for others to the same peer, in milliseconds:
 * what goes together shares one frame, which costs more than what it carries.
 * One that may not wait takes along all that do, in the order they were said.
 */
export function companyMs (message: Message): number {
  switch (message.type) {
    case 'acknowledge': return message.large === true ? LARGE_ACKNOWLEDGE_COMPANY_MS : ACKNOWLEDGE_COMPANY_MS
    case 'have':
      if (message.patient !== true) return 0
      return message.large === true ? LARGE_HAVE_COMPANY_MS : HAVE_COMPANY_MS
    default: return 0
  }
}
