import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface ConnectionCapsInit {
  /** Open at once, all viewers together. */
  readonly total: number
  /** Open at once from one address. */
  readonly perViewer: number
  readonly onCount: (open: number) => void
}

/** A connection over the caps is closed before a byte of it is read. */
export function capConnections (server: Server, { total, perViewer, onCount }: ConnectionCapsInit): void {
  const byViewer = new Map<string, number>()
  let open = 0
  server.maxConnections = total
  server.on('connection', (socket: Socket) => {
    const viewer = socket.remoteAddress ?? ''
    const count = (byViewer.get(viewer) ?? 0) + 1
    if (count > perViewer) {
      socket.destroy()
      return
    }
    byViewer.set(viewer, count)
    onCount(++open)
    socket.once('close', () => {
      onCount(--open)
      const left = (byViewer.get(viewer) ?? 1) - 1
      if (left === 0) byViewer.delete(viewer)
      else byViewer.set(viewer, left)
    })
  })
}
