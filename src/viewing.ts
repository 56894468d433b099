import { startEdge, UplinkBalance, UplinkShare } from '@sluice/edge'
import type { Logger, RunningNode } from '@sluice/node'
import { splitHostPort } from './address.ts'
import type { HttpConfig } from './config.ts'
import { pulledSource } from './pulled.ts'

/** Half of the uplink, if nothing else is said: viewers are what a node is for, and so is the fleet. */
const VIEWER_SHARE = 0.5
/** How often the uplink is divided anew: a viewer's buffer and a chunk's patience are longer. */
const BALANCE_MS = 250

export interface Viewing {
  readonly url: string
  /** Connections that are open now. */
  readonly viewers: () => Promise<number>
  stop (): Promise<void>
}

/**
 * Serve a node's media to viewers.
 *
 * @param file - the configuration's, for messages
 * @param uploadRate - the node's uplink, for peers and viewers together, in bytes per second; undefined: no limit
 */
export async function startViewing (file: string, http: HttpConfig, uploadRate: number | undefined, node: RunningNode, log: Logger): Promise<Viewing> {
  const [host, port] = splitHostPort(http.listen)
  const uplink = new UplinkShare(0)
  const stopBalance = uploadRate == null ? () => {} : balanceUplink(uploadRate, http.viewerShare ?? VIEWER_SHARE, uplink, node)
  try {
    const edge = await startEdge({ ...http, host, port: Number(port), tree: node.tree, rot: () => node.rot, arriving: node.arrivals, wanted: node.wanted, origins: node.origins, elsewhere: node.pulled == null ? undefined : pulledSource(node.pulled), uplink, warn: (message, fields) => log.warn(message, fields) })
    return {
      url: edge.url,
      viewers: async () => (await edge.metrics.connections.get()).values[0]?.value ?? 0,
      stop: async () => {
        stopBalance()
        await edge.stop()
      }
    }
  } catch (error) {
    stopBalance()
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL') throw new Error(`${file}: http.listen: ${message}; name another address or port`, { cause: error })
    throw error
  }
}

/** One uplink for viewers and peers: what one does not need the other may have, for as long as that is so. */
function balanceUplink (uploadRate: number, share: number, uplink: UplinkShare, node: RunningNode): () => void {
  const balance = new UplinkBalance(uploadRate, share)
  const apply = (): void => {
    uplink.rate = balance.split.viewers
    node.limitUpload(balance.split.peers)
  }
  let last = { atMs: performance.now(), viewers: uplink.taken, peers: node.sentBytes }
  apply()
  const timer = setInterval(() => {
    const now = { atMs: performance.now(), viewers: uplink.taken, peers: node.sentBytes }
    const perS = (bytes: number): number => bytes * 1000 / (now.atMs - last.atMs)
    balance.next({ viewers: perS(now.viewers - last.viewers), peers: perS(now.peers - last.peers) })
    last = now
    apply()
  }, BALANCE_MS)
  return () => clearInterval(timer)
}
