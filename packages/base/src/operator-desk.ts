import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@sluice/node'
import { JOB_ID_PATTERN } from '@sluice/wire'

/** Below the data folder: whoever may write there holds the base's key, too. */
const FOLDER = 'operator'
/** How often the base looks for wishes, in milliseconds. */
const LOOK_MS = 500

export interface OperatorDeskInit {
  readonly dataDir: string
  readonly log: Logger
  /** End a job; what it answers is told to the operator. */
  readonly cancel: (job: string, reason: string) => Promise<number>
}

/**
 * Where the base's operator leaves wishes: one file each, in a folder that only he may write to. A running base
 * holds its journal alone, and nobody may call himself its operator over the network.
 */
export class OperatorDesk {
  readonly #init: OperatorDeskInit
  readonly #folder: string
  readonly #ticker: NodeJS.Timeout
  #looking: Promise<void> = Promise.resolve()

  constructor (init: OperatorDeskInit) {
    this.#init = init
    this.#folder = join(init.dataDir, FOLDER)
    this.#ticker = setInterval(() => { this.#looking = this.#looking.then(() => this.#look()) }, LOOK_MS)
  }

  async stop (): Promise<void> {
    clearInterval(this.#ticker)
    await this.#looking
  }

  async #look (): Promise<void> {
    const wishes = (await readdir(this.#folder).catch(() => [])).filter(name => name.endsWith('.cancel'))
    for (const name of wishes) {
      const path = join(this.#folder, name)
      const job = name.slice(0, -'.cancel'.length)
      try {
        const reason = await readFile(path, 'utf8')
        await unlink(path)
        const commands = await this.#init.cancel(job, reason)
        this.#init.log.info('job cancelled by the operator', { job, reason, commands })
      } catch (error) {
        this.#init.log.warn('job not cancelled', { job, error: (error as Error).message })
      }
    }
  }
}

/** Leave the wish that a job be ended; the base takes it within a second, when it runs. @throws where it is no job id, or the folder cannot be written */
export async function wishCancelled (dataDir: string, job: string, reason: string): Promise<void> {
  // It becomes the name of a file.
  if (!JOB_ID_PATTERN.test(job)) throw new Error(`${JSON.stringify(job)} is no job id: \`sluice jobs\` lists them`)
  const folder = join(dataDir, FOLDER)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // It appears whole.
  const draft = join(folder, `${job}.draft`)
  await writeFile(draft, reason, { mode: 0o600 })
  await rename(draft, join(folder, `${job}.cancel`))
}
