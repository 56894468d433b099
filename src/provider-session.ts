import type { Provider } from '@sluice/sdk'
import { loadConfigOf, type ProviderConfig } from './config.ts'
import { createTextLog } from './log.ts'

/** Connect as the provider of a configuration file, do something, and leave, whatever happens. */
export async function withProvider<T> (file: string, signal: AbortSignal | undefined, work: (provider: Provider, config: ProviderConfig) => Promise<T>): Promise<T> {
  const config = await loadConfigOf(file, 'provider')
  const { createProvider } = await import('@sluice/sdk')
  const log = createTextLog(config.log.level ?? 'warn')
  // No `listen`: a command is gone before anyone could dial it, and a provider's daemon may hold the port.
  const provider = await createProvider({ dataDir: config.dataDir, base: config.base, join: config.join, webhook: config.webhook, log }, { signal })
  try {
    return await work(provider, config)
  } finally {
    await provider.stop()
  }
}
