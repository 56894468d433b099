import { execFile, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { eventually } from '../e2e/eventually.ts'
import { writeMedia } from '../e2e/media-tree.ts'
import { ProcessFleet, type ProcessPlace } from '../e2e/process-fleet.ts'
import { peakMiB } from './peak.ts'
import { crowd } from './viewer-crowd.ts'

/**
 * Viewers on one node while it receives a job and passes it on: what they and
 * the job get, beside the same job without viewers; the node's memory; and how
 * fast it gives out a complete file beside nginx (`apt-get install nginx-light`).
 * Prints one JSON line.
 */
const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '300' },
    kbits: { type: 'string', default: '1000' },
    /** Of the job that is published meanwhile. */
    mib: { type: 'string', default: '128' },
    /** What base and node may send, in Mbit/s; of the node's, viewers have the share. */
    base: { type: 'string', default: '60' },
    node: { type: 'string', default: '600' },
    share: { type: 'string', default: '0.6' },
    rounds: { type: 'string', default: '5' }
  }
})
const MiB = 1024 * 1024
const FILM_BYTES = 256 * MiB
const run = promisify(execFile)

const fleet = new ProcessFleet()
try {
  const [base, node, far, provider] = await Promise.all(['base', 'node', 'far', 'provider'].map(async name => await fleet.place(name))) as [ProcessPlace, ProcessPlace, ProcessPlace, ProcessPlace]
  await fleet.startBase(base, [{ place: node, role: 'node' }, { place: far, role: 'node' }, { place: provider, role: 'provider' }], { limits: { upload: `${values.base}Mbit/s` } })
  const running = await fleet.startNode(node, { limits: { upload: `${values.node}Mbit/s` }, http: { listen: '127.0.0.1:0', viewerShare: Number(values.share) } })
  // Without a limit, to be held beside nginx.
  const open = await fleet.startNode(far, { http: { listen: '127.0.0.1:0' } })
  const [url, openUrl] = await Promise.all([running, open].map(async process => `${String((await process.line('ready', ({ msg }) => msg === 'ready')).http)}/media/film.mp4`)) as [string, string]
  await fleet.configureProvider(provider)
  const publish = async (name: string, bytes: number, seed: number): Promise<number> => {
    const file = await writeMedia(join(fleet.dir, name), bytes, seed)
    const startedMs = performance.now()
    const status = await fleet.run('publish', file, '--as', `/${name}`, '--json', '-c', provider.config).exit()
    if (status !== 0) throw new Error(`publishing ${name} ended with ${status}`)
    return (performance.now() - startedMs) / 1000
  }
  await publish('film.mp4', FILM_BYTES, 1)
  const aloneS = await publish('alone.bin', Number(values.mib) * MiB, 2)

  const leaving = new AbortController()
  const watching = crowd({ url, size: FILM_BYTES, viewers: Number(values.viewers), rate: Number(values.kbits) * 1000 / 8, signal: leaving.signal })
  const startedMs = performance.now()
  const withViewersS = await publish('beside.bin', Number(values.mib) * MiB, 3)
  leaving.abort()
  const viewers = await watching
  const viewersMbits = viewers.bytes * 8 / 1e6 / ((performance.now() - startedMs) / 1000)
  const nodePeakMiB = peakMiB(running.pid)

  const beside = await besideNginx(far, openUrl)
  const round = (value: number, digits = 2): number => Number(value.toFixed(digits))
  process.stdout.write(`${JSON.stringify({ ...viewers, viewers: Number(values.viewers), viewersMbits: round(viewersMbits, 1), jobMiB: Number(values.mib), aloneS: round(aloneS), withViewersS: round(withViewersS), jobRatio: round(withViewersS / aloneS), nodePeakMiB, ...beside })}\n`)
} finally {
  await fleet.stop()
}

/** Medians of whole downloads of one file, taken in turn; undefined where there is no nginx. */
async function besideNginx (place: ProcessPlace, url: string): Promise<{ edgeMiBs: number, nginxMiBs: number, ratio: number } | undefined> {
  if (!await run('nginx', ['-v']).then(() => true, () => false)) return undefined
  const dir = join(fleet.dir, 'nginx')
  await mkdir(dir)
  const port = 20_000 + process.pid % 20_000
  await writeFile(join(dir, 'nginx.conf'), `daemon off; pid ${dir}/pid; error_log ${dir}/error.log; worker_processes 1; user root; events {} http { access_log off; sendfile on; tcp_nopush on; client_body_temp_path ${dir}/b; proxy_temp_path ${dir}/p; fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s; server { listen 127.0.0.1:${port}; location /media/ { alias ${place.media}/; } } }`)
  const nginx = spawn('nginx', ['-p', dir, '-c', join(dir, 'nginx.conf')], { stdio: 'ignore' })
  try {
    const other = `http://127.0.0.1:${port}/media/film.mp4`
    const speed = async (from: string): Promise<number> => Number((await run('curl', ['--fail', '--silent', '-o', '/dev/null', '-w', '%{speed_download}', from])).stdout) / MiB
    await eventually('nginx answers', async () => await speed(other).catch(() => undefined))
    const [edge, beside]: [number[], number[]] = [[], []]
    for (let i = 0; i < Number(values.rounds); i++) {
      edge.push(await speed(url))
      beside.push(await speed(other))
    }
    const median = (speeds: number[]): number => speeds.toSorted((a, b) => a - b)[speeds.length >> 1] as number
    return { edgeMiBs: Math.round(median(edge)), nginxMiBs: Math.round(median(beside)), ratio: Number((median(edge) / median(beside)).toFixed(2)) }
  } finally {
    nginx.kill('SIGTERM')
  }
}
