import type { Logger, RunningPeer } from '@sluice/node'
import type { BaseConfig, Config, NodeConfig, ProviderConfig } from './config.ts'

/** A role's configuration as its running peer. Each role's package is loaded in that role only. */
export function startDaemon (config: Config, log: Logger): Promise<RunningPeer> {
  switch (config.role) {
    case 'base': return startBase(config, log)
    case 'node': return startNode(config, log)
    case 'provider': return startProvider(config, log)
  }
}

async function startBase (config: BaseConfig, log: Logger): Promise<RunningPeer> {
  const { startBase } = await import('@sluice/base')
  return startBase({
    dataDir: config.dataDir,
    listen: config.listen,
    announce: config.announce,
    members: config.members,
    uploadRate: config.limits.uploadRate,
    waitPeriodMs: config.wait.periodMs,
    waitPeriods: config.wait.periods,
    log
  })
}

async function startNode (config: NodeConfig, log: Logger): Promise<RunningPeer> {
  const { startMediaServer } = await import('@sluice/node')
  return startMediaServer({
    dataDir: config.dataDir,
    listen: config.listen,
    announce: config.announce,
    base: config.base,
    join: config.join,
    mediaRoot: config.media.root,
    quotaBytes: config.media.quotaBytes,
    uploadRate: config.limits.uploadRate,
    downloadRate: config.limits.downloadRate,
    log
  })
}

async function startProvider (config: ProviderConfig, log: Logger): Promise<RunningPeer> {
  const { createProvider } = await import('@sluice/sdk')
  return createProvider({ dataDir: config.dataDir, listen: config.listen, base: config.base, join: config.join, log })
}
