import { commandKind, JOB_ID_PATTERN, open, sameBytes, type Signed, type SignedKind } from '@sluice/wire'
import type { BundleParts } from './bundle-parts.ts'
import type { Findings } from './findings.ts'

/** The job and its commands, as provider and base signed them. */
export interface Queue {
  readonly job: Signed<'job'>
  readonly request: Signed<'jobRequest'>
  readonly commands: ReadonlyArray<Signed<'command'>>
  /** Whether the last command ends the job. */
  readonly ended: boolean
  /** Seq of the last command that can take away what an earlier one brings; 0 for none. */
  readonly lastReplacing: number
  /** The base's epoch at the last command; later signatures of the base may not go below. */
  readonly epoch: number
}

/** Kinds of command after which an earlier one may no longer be worth doing. */
const REPLACING = new Set(['put', 'move', 'remove', 'publish', 'cancel', 'setattr'])

/** Open an envelope, or note why it cannot be. */
export async function tryOpen<K extends SignedKind> (kind: K, bytes: Uint8Array, signer: string | undefined, where: string, findings: Findings): Promise<Signed<K> | undefined> {
  try {
    const signed = await open(kind, bytes, signer)
    findings.check(true, where, '')
    return signed
  } catch (cause) {
    findings.check(false, where, (cause as Error).message)
    return undefined
  }
}

/** The job, the request inside it, and the chain of commands. Nothing if there is no job to go by. */
export async function readQueue (parts: BundleParts, base: string, provider: string | undefined, findings: Findings): Promise<Queue | undefined> {
  const job = await tryOpen('job', parts.job, base, 'job', findings)
  if (job == null) return undefined
  const request = await tryOpen('jobRequest', job.value.request, provider, 'job.request', findings)
  if (request == null) return undefined

  const { id, created, expires, servers } = job.value
  findings.check(job.value.base === base, 'job', `names ${job.value.base} as its base, not ${base}`)
  findings.check(request.value.base === base, 'job.request', `was meant for base ${request.value.base}, not ${base}`)
  findings.check(JOB_ID_PATTERN.test(id), 'job', 'its id does not have the form of a job id')
  findings.check(expires > created, 'job', 'expires before it was created')
  findings.check(servers.length > 0, 'job', 'lists no server')
  findings.check(new Set(servers.map(({ peer }) => peer)).size === servers.length, 'job', 'lists a server twice')

  const commands: Array<Signed<'command'>> = []
  let epoch = job.value.epoch
  let ended = false
  let lastReplacing = 0
  for (const [index, envelopes] of parts.commands.entries()) {
    if (findings.full) break
    const where = `commands[${index}]`
    const command = await openCommand(envelopes.command, request.signer, base, where, findings)
    const acceptance = await tryOpen('acceptance', envelopes.acceptance, base, `${where}.acceptance`, findings)
    // The chain is broken here: what follows could only repeat it.
    if (command == null) return undefined

    const { value } = command
    findings.check(value.seq === index + 1, where, `has number ${value.seq}, not ${index + 1}`)
    findings.check(sameBytes(value.job, job.hash), where, 'is of another job')
    findings.check(sameBytes(value.previous, commands.at(-1)?.hash ?? job.hash), where, 'does not name the command before it')
    findings.check(commandKind(value) != null, where, 'has no kind that is known here')
    findings.check(!ended, where, 'comes after the end of the job')
    checkReference(command, commands, where, findings)
    if (acceptance != null) {
      findings.check(sameBytes(acceptance.value.job, job.hash), `${where}.acceptance`, 'is of another job')
      findings.check(acceptance.value.seq === value.seq && sameBytes(acceptance.value.command, command.hash), `${where}.acceptance`, 'is of another command')
      findings.check(acceptance.value.epoch >= epoch, `${where}.acceptance`, `is of epoch ${acceptance.value.epoch}, after one of epoch ${epoch}`)
      epoch = acceptance.value.epoch
    }
    ended = value.end != null
    if (REPLACING.has(commandKind(value) ?? '')) lastReplacing = index + 1
    commands.push(command)
  }
  return { job, request, commands, ended, lastReplacing, epoch }
}

/** A command is the provider's; that a job ends, or a put is called off, may be the base's word. */
async function openCommand (bytes: Uint8Array, provider: string, base: string, where: string, findings: Findings): Promise<Signed<'command'> | undefined> {
  const byBase = await open('command', bytes, base).catch(() => undefined)
  if (byBase != null && (byBase.value.end != null || byBase.value.cancel != null)) {
    findings.check(true, where, '')
    return byBase
  }
  return await tryOpen('command', bytes, provider, where, findings)
}

/** A command may speak of puts before it, and of no others. */
function checkReference ({ value }: Signed<'command'>, before: ReadonlyArray<Signed<'command'>>, where: string, findings: Findings): void {
  const isPut = (seq: number): boolean => before[seq - 1]?.value.put != null
  if (value.cancel != null) findings.check(isPut(value.cancel.seq), where, `cancels command ${value.cancel.seq}, which is no put before it`)
  for (const seq of value.publish?.puts ?? []) {
    if (findings.full) return
    findings.check(isPut(seq), where, `publishes command ${seq}, which is no put before it`)
  }
}
