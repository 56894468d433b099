import { resolve } from 'node:path'
import { Argument } from 'commander'
import { baseProblem, listenProblem, type Check } from '../address.ts'
import { ROLES, type Role } from '../config-schema.ts'
import { EXIT, UsageError } from '../failure.ts'
import type { AddCommand } from '../program.ts'

interface Options {
  dir: string
  base?: string
  listen: string[]
  media?: string
  json?: boolean
}

export const addInit: AddCommand = (root, finish) => {
  root.command('init')
    .description('write a key and a configuration, and print the peer id')
    .addArgument(new Argument('<role>').choices(ROLES))
    .requiredOption('--dir <dir>', 'where to; made if it is missing')
    .option('--base <address>', 'the base: /ip4/…/tcp/…/p2p/PEER')
    .option('--listen <address...>', 'where to listen: /ip4/…/tcp/…', [])
    .option('--media <dir>', 'where a node keeps its media (default: media, in --dir)')
    .option('--json', 'print a JSON line')
    .action((role: Role, options: Options) => finish(init(role, options)))
}

async function init (role: Role, { dir, base, listen, media, json }: Options): Promise<number> {
  if (base != null) check('--base', base, baseProblem)
  for (const address of listen) check('--listen', address, listenProblem)
  if (role === 'base' && base != null) throw new UsageError('--base is for nodes and providers; this is to be the base')
  if (role === 'provider' && listen.length > 0) throw new UsageError('--listen is for bases and nodes; a provider dials')
  if (role !== 'node' && media != null) throw new UsageError(`--media is for nodes; a ${role} keeps none`)
  const { scaffold } = await import('../scaffold.ts')
  const made = await scaffold({ role, dir, base, listen, media: media == null ? undefined : resolve(media) })
  process.stdout.write(json === true ? `${JSON.stringify({ role, ...made })}\n` : describe(role, made, base))
  return EXIT.complete
}

function describe (role: Role, { peer, config, address }: { peer: string, config: string, address?: string }, base?: string): string {
  const next = role === 'base'
    ? `address  ${address}\n\nNodes and providers write that address as their \`base\`. Next: list them in ${config}\nor invite them, and run\n`
    : base == null
      ? `\nNext: write the base's address into ${config}, enrol the peer there, and run\n`
      : '\nNext: enrol the peer at the base, and run\n'
  const command = role === 'provider' ? `sluice publish PATH -c ${config}` : `sluice start -c ${config}`
  return `peer     ${peer}\nconfig   ${config}\n${next}\n  ${command}\n`
}

function check (option: string, value: string, problem: Check): void {
  const what = problem(value)
  if (what != null) throw new UsageError(`${option} ${JSON.stringify(value)} ${what}`)
}
