import { Counter, Gauge, Registry } from 'prom-client'

export interface Rot {
  readonly mended: number
  readonly unmended: number
}

/** What the edge counts, in the form that Prometheus reads. */
export class EdgeMetrics {
  readonly registry = new Registry()
  /** By status. */
  readonly requests = new Counter({ name: 'sluice_http_requests_total', help: 'Answered requests for media', labelNames: ['status'] as const, registers: [this.registry] })
  readonly sentBytes = new Counter({ name: 'sluice_http_sent_bytes_total', help: 'Bytes of media handed to viewers', registers: [this.registry] })
  /** Answers that broke off after their headers. */
  readonly broken = new Counter({ name: 'sluice_http_broken_total', help: 'Answers that broke off because their media did not come', registers: [this.registry] })
  readonly waits = new Counter({ name: 'sluice_http_waits_total', help: 'Times that an answer waited for media that had not arrived', registers: [this.registry] })
  readonly viewers = new Gauge({ name: 'sluice_http_viewers', help: 'Answers that are being sent', registers: [this.registry] })
  readonly connections = new Gauge({ name: 'sluice_http_connections', help: 'Open connections', registers: [this.registry] })

  /** @param rot - files that have rotted on this server's disk since its start */
  constructor (rot: () => Rot = () => ({ mended: 0, unmended: 0 })) {
    new Counter({
      name: 'sluice_media_rot_total',
      help: 'Published files found to be rotten: fetched again, or not to be had; the latter at each time that they are looked at',
      labelNames: ['result'] as const,
      registers: [this.registry],
      collect () {
        this.reset()
        for (const [result, count] of Object.entries(rot())) this.inc({ result }, count)
      }
    })
  }

  async text (): Promise<string> {
    return await this.registry.metrics()
  }
}
