import { type RunningEdge, startEdge, UplinkShare } from '@sluice/edge'
import type { Logger, RunningNode } from '@sluice/node'
import { splitHostPort } from './address.ts'
import type { HttpConfig } from './config.ts'

/** Half of the uplink, if nothing else is said: viewers are what a node is for, and so is the fleet. */
const VIEWER_SHARE = 0.5

/** How a node's uplink is divided, in bytes per second; undefined where it has no limit. */
export function divideUplink (uploadRate: number | undefined, http: HttpConfig | undefined): { readonly peers: number | undefined, readonly viewers: number | undefined } {
  if (uploadRate == null || http == null) return { peers: uploadRate, viewers: undefined }
  const viewers = uploadRate * (http.viewerShare ?? VIEWER_SHARE)
  return { peers: uploadRate - viewers, viewers }
}

/**
 * Serve a node's media to viewers.
 *
 * @param file - the configuration's, for messages
 * @param uploadRate - what viewers may take of the uplink, in bytes per second
 */
export async function startViewing (file: string, http: HttpConfig, uploadRate: number | undefined, node: RunningNode, log: Logger): Promise<RunningEdge> {
  const [host, port] = splitHostPort(http.listen)
  try {
    return await startEdge({ ...http, host, port: Number(port), tree: node.tree, arriving: node.arrivals, wanted: node.wanted, origins: node.origins, uplink: new UplinkShare(uploadRate ?? 0), warn: (message, fields) => log.warn(message, fields) })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL') throw new Error(`${file}: http.listen: ${message}; name another address or port`, { cause: error })
    throw error
  }
}
