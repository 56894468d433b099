import { Command } from 'commander'
import { addBase } from './commands/base.ts'
import { addCancel } from './commands/cancel.ts'
import { addDemo } from './commands/demo.ts'
import { addInit } from './commands/init.ts'
import { addInvite } from './commands/invite.ts'
import { addJob, addJobs } from './commands/jobs.ts'
import { addLive } from './commands/live.ts'
import { addMedia } from './commands/media.ts'
import { addNodes } from './commands/nodes.ts'
import { addQueue } from './commands/queue.ts'
import { addPublish } from './commands/publish.ts'
import { addRun } from './commands/run.ts'
import { addReceipts, addVerify } from './commands/receipts.ts'
import { addSchema, addVersion } from './commands/about.ts'
import { addSign } from './commands/sign.ts'
import { addStart } from './commands/start.ts'
import { EXIT } from './failure.ts'
import { version } from './version.ts'

export interface Program {
  /** Runs one command line; resolves with the exit status. */
  run (argv: string[]): Promise<number>
}

/** Adds one command to the program; what its action resolves with is the exit status. */
export type AddCommand = (root: Command, finish: (work: Promise<number>) => Promise<void>) => void

const COMMANDS: AddCommand[] = [addInit, addStart, addBase, addInvite, addPublish, addQueue, addLive, addRun, addJobs, addJob, addCancel, addNodes, addMedia, addReceipts, addVerify, addSign, addDemo, addSchema, addVersion]

export function createProgram (): Program {
  let status: number = EXIT.complete
  const finish = async (work: Promise<number>): Promise<void> => { status = await work }
  const root = new Command('sluice')
    .description('Push media to a whole fleet of media servers, and bring back a signed receipt from every one of them.')
    .version(version(), '-V, --version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'sluice: ')) })
    .showHelpAfterError('(`sluice --help` lists the commands, `sluice COMMAND --help` the options of one)')
    .addHelpText('after', '\nExit status: 0 complete, 3 partial, 4 failed (also: refused, unreachable), 2 usage or configuration.')
  for (const add of COMMANDS) add(root, finish)
  return {
    async run (argv) {
      // Commander's own behaviour without a command is an error; a newcomer deserves the help.
      if (argv.length === 0) root.outputHelp()
      else await root.parseAsync(argv, { from: 'user' })
      return status
    }
  }
}
