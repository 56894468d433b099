import type { JobStatus } from '@sluice/core'
import { status } from '@sluice/wire'

const STATES = {
  new: status.CommandState.NEW,
  'in-progress': status.CommandState.IN_PROGRESS,
  completed: status.CommandState.STATE_COMPLETED,
  failed: status.CommandState.STATE_FAILED,
  superseded: status.CommandState.STATE_SUPERSEDED
} as const

/**
 * A job's state on this node, as the base asks for it.
 *
 * @param trouble - what is wrong with the node itself, if anything is
 */
export function statusReply (job: JobStatus | undefined, trouble?: string): status.StatusReply {
  if (job == null) return { known: false, head: 0, commands: [], refused: '' }
  return {
    known: true,
    head: job.head,
    commands: job.commands.map(({ seq, state, bytes }) => ({ seq, state: state.state === 'new' && bytes > 0 ? status.CommandState.IN_PROGRESS : STATES[state.state], bytes, reason: state.state === 'failed' ? state.reason : '' })),
    refused: '',
    handover: job.handover,
    ...trouble == null ? {} : { trouble }
  }
}
