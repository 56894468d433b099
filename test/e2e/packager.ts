import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Whether ffmpeg is here; root on Debian gets it. */
export async function findFfmpeg (): Promise<boolean> {
  const works = async (): Promise<boolean> => await run('ffmpeg', ['-version']).then(() => true, () => false)
  if (await works()) return true
  if (process.getuid?.() !== 0) return false
  await run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '--no-install-recommends', 'ffmpeg']).catch(() => {})
  return await works()
}

export interface Packaging {
  readonly done: Promise<void>
  readonly stop: () => void
}

/** Media of `seconds`, made and packed as fast as it plays: a moving test picture with a clock in it. */
export function packHls (folder: string, { seconds, segmentSeconds, listSize, name = 'index.m3u8' }: { seconds: number, segmentSeconds: number, listSize: number, name?: string }): Packaging {
  return ffmpeg(folder, seconds, ['-f', 'hls', '-hls_time', `${segmentSeconds}`, '-hls_list_size', `${listSize}`, '-hls_flags', 'delete_segments', '-hls_segment_filename', 'seg%05d.ts', name])
}

export function packDash (folder: string, { seconds, segmentSeconds }: { seconds: number, segmentSeconds: number }): Packaging {
  return ffmpeg(folder, seconds, ['-f', 'dash', '-seg_duration', `${segmentSeconds}`, '-window_size', '4', '-extra_window_size', '2', 'index.mpd'])
}

function ffmpeg (folder: string, seconds: number, output: string[]): Packaging {
  const rate = 25
  const child: ChildProcess = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-re', '-f', 'lavfi', '-i', `testsrc=size=320x180:rate=${rate}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', `${rate}`, '-t', `${seconds}`, ...output], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr?.on('data', data => { said += String(data) })
  const done = new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => code === 0 || child.killed ? resolve() : reject(new Error(`ffmpeg ended with ${code}: ${said}`)))
  })
  return { done, stop: () => child.kill('SIGKILL') }
}
