import { optimizationsWithout } from '@sluice/core'
import { mkdir } from 'node:fs/promises'
import type { Logger, RunningPeer } from '@sluice/node'
import type { BaseConfig, Config, NodeConfig, ProviderConfig } from './config.ts'
import { UsageError } from './failure.ts'

/** A role's configuration as its running peer. Each role's package is loaded in that role only. */
export async function startDaemon (config: Config, log: Logger): Promise<RunningPeer> {
  try {
    switch (config.role) {
      case 'base': return await startBase(config, log)
      case 'node': return await startNode(config, log)
      case 'provider': return await startProvider(config, log)
    }
  } catch (error) {
    throw listenFailure(config, error as Error) ?? error
  }
}

/** libp2p tells of an address that cannot be listened on by a list of stack traces: say it in a sentence. */
function listenFailure ({ file }: Config, error: Error): Error | undefined {
  const failures = [...error.message.matchAll(/^\s*(\/\S+): Error: (?:listen )?(E[A-Z]+): ([^\n]*)$/gm)]
  if (failures.length === 0) return undefined
  const sentences = failures.map(([, address, code, what]) => {
    const remedy = code === 'EADDRINUSE' ? 'stop the process that has the port, or name another' : code === 'EACCES' ? 'ports below 1024 need privileges; name another' : 'name an address of this machine'
    return `${file}: listen: ${address}: ${what}; ${remedy}`
  })
  return new Error(sentences.join('\n'), { cause: error })
}

async function startBase (config: BaseConfig, log: Logger): Promise<RunningPeer> {
  const { startBase } = await import('@sluice/base')
  return startBase({
    dataDir: config.dataDir,
    listen: config.listen,
    announce: config.announce,
    members: config.members,
    access: config.access,
    uploadRate: config.limits.uploadRate,
    retentionMs: config.keep?.journalMs,
    optimizations: optimizationsWithout(config.without ?? []),
    waitPeriodMs: config.wait.periodMs,
    waitPeriods: config.wait.periods,
    log
  })
}

async function startNode (config: NodeConfig, log: Logger): Promise<RunningPeer> {
  await mkdir(config.media.root, { recursive: true }).catch((error: Error) => {
    throw new UsageError(`${config.file}: media.root: ${config.media.root} cannot be made (${error.message}); name a directory that this user may write to`, { cause: error })
  })
  const { startMediaServer } = await import('@sluice/node')
  return startMediaServer({
    dataDir: config.dataDir,
    listen: config.listen,
    announce: config.announce,
    base: config.base,
    join: config.join,
    mediaRoot: config.media.root,
    scrubRate: config.media.scrubRate,
    attributes: { owner: config.media.owner, xattrs: config.media.xattrs },
    uploadRate: config.limits.uploadRate,
    retentionMs: config.keep?.journalMs,
    optimizations: optimizationsWithout(config.without ?? []),
    log
  })
}

async function startProvider (config: ProviderConfig, log: Logger): Promise<RunningPeer> {
  const { startProviderDaemon } = await import('./provider-daemon.ts')
  return await startProviderDaemon(config, log)
}
