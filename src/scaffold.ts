import { mkdir, stat, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { loadIdentity } from '@sluice/node'
import type { Role } from './config-schema.ts'
import { UsageError } from './failure.ts'

export interface ScaffoldInit {
  role: Role
  dir: string
  base?: string
  listen: string[]
  media?: string
}

export interface Scaffold {
  peer: string
  config: string
  key: string
  /** Of a base: what the others write as their `base`. */
  address?: string
}

// A base is what others are configured with, so its port is fixed; a node's may change, others find it through the DHT.
const DEFAULT_LISTEN: Record<Role, string[]> = { base: ['/ip4/0.0.0.0/tcp/4100'], node: ['/ip4/0.0.0.0/tcp/0'], provider: [] }

/** Make a directory with a key and a configuration that `sluice start` can run. Nothing that exists is overwritten. */
export async function scaffold ({ role, dir, base, listen, media }: ScaffoldInit): Promise<Scaffold> {
  const config = join(dir, 'sluice.yaml')
  const dataDir = join(dir, 'data')
  const key = join(dataDir, 'identity.key')
  for (const file of [config, key]) {
    if (await exists(file)) throw new UsageError(`${file} exists already, and a key that is lost cannot be had again; choose another --dir`)
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const peer = peerIdFromPrivateKey(await loadIdentity(dataDir)).toString()
  if (role === 'node' && media == null) await mkdir(join(dir, 'media'), { recursive: true })
  const addresses = listen.length > 0 ? listen : DEFAULT_LISTEN[role]
  // `wx`: of two that run at once, one is refused.
  await writeFile(config, CONFIGS[role]({ peer, listen: addresses, base, media: media ?? './media' }), { flag: 'wx' })
  const first = addresses[0]
  return role === 'base' && first != null ? { peer, config, key, address: `${reachable(first)}/p2p/${peer}` } : { peer, config, key }
}

interface Facts { peer: string, listen: string[], base?: string, media: string }

const CONFIGS: Record<Role, (facts: Facts) => string> = {
  base: ({ peer, listen }) => `# The base ${peer}
role: base
dataDir: ./data
${list('listen', listen)}
# Who belongs to the fleet. \`sluice init\` prints each one's peer id on its own
# machine; \`sluice invite\` makes tokens instead, for those who write \`join:\`.
members: []
#  - peer: 12D3KooW...
#    role: node
#    labels: { region: eu }
`,
  node: ({ peer, listen, base, media }) => `# The node ${peer}
role: node
dataDir: ./data
${list('listen', listen)}
${baseLine(base)}
media:
  root: ${JSON.stringify(media)}
`,
  provider: ({ peer, base }) => `# The provider ${peer}
role: provider
dataDir: ./data
${baseLine(base)}
`
}

function list (key: string, values: string[]): string {
  return [`${key}:`, ...values.map(value => `  - ${value}`)].join('\n')
}

function baseLine (base: string | undefined): string {
  return base == null ? '# What `sluice init base` printed as its address:\n# base: /ip4/192.0.2.7/tcp/4100/p2p/12D3KooW...' : `base: ${base}`
}

/** The wildcard address cannot be dialled: take the first of this machine that can be from outside. */
function reachable (address: string): string {
  if (!address.startsWith('/ip4/0.0.0.0/')) return address
  const outside = Object.values(networkInterfaces()).flat().find(found => found != null && !found.internal && found.family === 'IPv4')
  return address.replace('0.0.0.0', outside?.address ?? '127.0.0.1')
}

async function exists (file: string): Promise<boolean> {
  return stat(file).then(() => true, (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return false
    throw new UsageError(`${file} cannot be looked at (${error.message}); choose another --dir`)
  })
}
