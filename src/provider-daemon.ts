import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Logger, RunningPeer } from '@sluice/node'
import type { ProviderConfig } from './config.ts'
import { startControl } from './control.ts'
import { parseScript } from './script-runner.ts'
import { ScriptRuns } from './script-runs.ts'

/**
 * A provider that stays: it runs the scripts of its configuration, takes others
 * from a remote user, and can be called by the base with final notices.
 *
 * @throws {ConfigError} where a script of the configuration is wrong
 */
export async function startProviderDaemon (config: ProviderConfig, log: Logger): Promise<RunningPeer> {
  const scripts = await Promise.all(config.run.map(async file => ({ file, script: parseScript(file, await readFile(file, 'utf8')) })))
  const { createProvider } = await import('@sluice/sdk')
  const provider = await createProvider({ dataDir: config.dataDir, listen: config.listen, base: config.base, join: config.join, webhook: config.webhook, log })
  const runs = new ScriptRuns(provider, config.wait, log)
  let stopControl = async (): Promise<void> => {}
  try {
    if (config.control != null) stopControl = await startControl({ ...config.control, dataDir: config.dataDir, runs, provider, log })
  } catch (error) {
    await provider.stop()
    throw error
  }
  for (const { file, script } of scripts) runs.start(file, script, dirname(file))
  return {
    peer: provider.peer,
    addresses: provider.addresses,
    stop: async () => {
      await stopControl()
      await runs.stop()
      await provider.stop()
    }
  }
}
