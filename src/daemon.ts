import { optimizationsWithout } from '@sluice/core'
import { mkdir } from 'node:fs/promises'
import type { Logger, RunningPeer } from '@sluice/node'
import { splitHostPort } from './address.ts'
import type { BaseConfig, Config, NodeConfig, ProviderConfig } from './config.ts'
import { UsageError } from './failure.ts'
import { supervisedRestart } from './watchdog.ts'

export interface Daemon extends RunningPeer {
  /** Where viewers are served. */
  readonly http?: string | undefined
}

/** A role's configuration as its running peer. Each role's package is loaded in that role only. */
export async function startDaemon (config: Config, log: Logger): Promise<Daemon> {
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

async function startBase (config: BaseConfig, log: Logger): Promise<Daemon> {
  const { startBase, startHttpApi } = await import('@sluice/base')
  const base = await startBase({
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
  if (config.api == null) return base
  const [host, port] = splitHostPort(config.api.listen)
  const api = await startHttpApi({ host, port: Number(port), locator: base.locator }).catch(async (error: Error) => {
    await base.stop()
    throw new Error(`${config.file}: api.listen: ${error.message}; name another address or port`, { cause: error })
  })
  return {
    ...base,
    http: api.url,
    stop: async () => {
      await api.stop()
      await base.stop()
    }
  }
}

async function startNode (config: NodeConfig, log: Logger): Promise<Daemon> {
  await mkdir(config.media.root, { recursive: true }).catch((error: Error) => {
    throw new UsageError(`${config.file}: media.root: ${config.media.root} cannot be made (${error.message}); name a directory that this user may write to`, { cause: error })
  })
  const { startMediaServer } = await import('@sluice/node')
  let viewers = async (): Promise<number> => 0
  const node = await startMediaServer({
    dataDir: config.dataDir,
    listen: config.listen,
    announce: config.announce,
    base: config.base,
    join: config.join,
    mediaRoot: config.media.root,
    quotaBytes: config.media.quotaBytes,
    retention: config.media.retention,
    pins: config.media.pins,
    scrubRate: config.media.scrubRate,
    attributes: { owner: config.media.owner, xattrs: config.media.xattrs },
    uploadRate: config.limits.uploadRate,
    http: config.http?.announce,
    viewers: async () => await viewers(),
    onDemandQuota: config.onDemandQuota,
    retentionMs: config.keep?.journalMs,
    optimizations: optimizationsWithout(config.without ?? []),
    repair: config.repair.max,
    restartProcess: supervisedRestart(),
    log
  })
  const { http } = config
  if (http == null) return node
  const { startViewing } = await import('./viewing.ts')
  const edge = await startViewing(config.file, http, config.limits.uploadRate, node, log).catch(async (error: Error) => {
    await node.stop()
    throw error
  })
  viewers = edge.viewers
  return {
    ...node,
    http: edge.url,
    stop: async () => {
      await edge.stop()
      await node.stop()
    }
  }
}

async function startProvider (config: ProviderConfig, log: Logger): Promise<RunningPeer> {
  const { startProviderDaemon } = await import('./provider-daemon.ts')
  return await startProviderDaemon(config, log)
}
