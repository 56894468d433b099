import { Argument } from 'commander'
import { loadConfigOf } from '../config.ts'
import { labelsSchema } from '../config-schema.ts'
import { EXIT, UsageError } from '../failure.ts'
import type { AddCommand } from '../program.ts'
import { parseDuration } from '../quantity.ts'

interface Options {
  config: string
  label: string[]
  expires: string
  json?: boolean
}

export const addInvite: AddCommand = (root, finish) => {
  root.command('invite')
    .description('print a token that enrols one peer, once; works while the base runs and while it does not')
    .addArgument(new Argument('<role>', 'what the peer may do').choices(['node', 'provider']))
    .option('-c, --config <file>', 'the base\'s configuration', 'sluice.yaml')
    .option('--label <name=value>', 'a label of the new member; may be repeated', (value: string, before: string[]) => [...before, value], [])
    .option('--expires <duration>', 'how long the token can be used', '24h')
    .option('--json', 'print a JSON line')
    .action((role: 'node' | 'provider', options: Options) => finish(invite(role, options)))
}

async function invite (role: 'node' | 'provider', options: Options): Promise<number> {
  const labels = parseLabels(options.label)
  const expiresMs = parseDuration(options.expires)
  if (expiresMs == null) throw new UsageError(`--expires ${JSON.stringify(options.expires)} is not a duration; write for example 24h`)
  const config = await loadConfigOf(options.config, 'base')
  const { createInvitation } = await import('@sluice/base')
  const token = await createInvitation(config.dataDir, { role, labels, expiresMs })
  process.stdout.write(`${options.json === true ? JSON.stringify({ token, role, labels }) : token}\n`)
  return EXIT.complete
}

/** `region=eu` and so on as a map. */
export function parseLabels (texts: readonly string[]): Record<string, string> {
  const pairs = texts.map(text => {
    const equals = text.indexOf('=')
    if (equals < 1) throw new UsageError(`--label ${JSON.stringify(text)} is not name=value; write for example --label region=eu`)
    return [text.slice(0, equals), text.slice(equals + 1)] as const
  })
  const labels = Object.fromEntries(pairs)
  const checked = labelsSchema.safeParse(labels)
  if (!checked.success) throw new UsageError(`--label ${firstMessage(checked.error.issues)}`)
  return labels
}

function firstMessage (issues: ReadonlyArray<{ message: string, issues?: ReadonlyArray<{ message: string }>, errors?: ReadonlyArray<ReadonlyArray<{ message: string }>> }>): string {
  const first = issues[0]
  return first?.issues?.[0]?.message ?? first?.errors?.[0]?.[0]?.message ?? first?.message ?? 'is not valid'
}
