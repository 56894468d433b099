/**
 * Faults that tests plant in a running node, by environment variable. They exist because a real disk cannot be
 * made to hang on request; outside of a test they are refused loudly, and never built in silently.
 */
export const FAULTS = ['hang-executor'] as const
export type Fault = (typeof FAULTS)[number]

/**
 * The fault that `SLUICE_FAULT` asks for.
 *
 * @throws where it is none of FAULTS, or NODE_ENV is not `test`
 */
export function plantedFault (environment: NodeJS.ProcessEnv = process.env): Fault | undefined {
  const { SLUICE_FAULT: asked, NODE_ENV: mode } = environment
  if (asked == null || asked === '') return undefined
  if (mode !== 'test') throw new Error('SLUICE_FAULT plants a fault for tests and is refused here: unset it, or set NODE_ENV=test if this is one')
  const fault = FAULTS.find(name => name === asked)
  if (fault == null) throw new Error(`SLUICE_FAULT=${asked} is none of ${FAULTS.join(', ')}`)
  return fault
}

/** hang-executor: the first effect of this process never comes to an end, as on a disk that does not answer. */
export function hangFirst<A extends unknown[]> (work: (...args: A) => Promise<void>): (...args: A) => Promise<void> {
  let hung = false
  return async (...args) => {
    if (hung) return await work(...args)
    hung = true
    await new Promise<never>(() => {})
  }
}
