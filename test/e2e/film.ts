import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PICTURES_PER_S = 25
const SILENT = ['-hide_banner', '-loglevel', 'error'] as const

/** A moving test picture with a clock in it, and a tone. */
const input = (seconds: number, paced: boolean): string[] => {
  const pace = paced ? ['-re'] : []
  return [...pace, '-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=${PICTURES_PER_S}`, ...pace, '-f', 'lavfi', '-i', 'sine=frequency=220:sample_rate=48000', '-t', `${seconds}`]
}

/** A key picture each second: a player may begin at any of them. */
const coding = (kbitPerS: number): string[] => ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', `${PICTURES_PER_S}`, '-b:v', `${kbitPerS}k`, '-minrate', `${kbitPerS}k`, '-maxrate', `${kbitPerS}k`, '-bufsize', `${kbitPerS / 2}k`, '-x264-params', 'nal-hrd=cbr:scenecut=0', '-c:a', 'aac', '-b:a', '64k']

/** An HLS film in a folder; its playlist is `index.m3u8`. */
export async function makeHlsFilm (folder: string, seconds: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  await run('ffmpeg', [...SILENT, ...input(seconds, false), ...coding(1_000), '-f', 'hls', '-hls_time', '2', '-hls_playlist_type', 'vod', '-hls_segment_filename', join(folder, 'seg%03d.ts'), join(folder, 'index.m3u8')])
}

/** An MP4 whose index stands before its media, filled up to its rate. */
export async function makeMp4Film (path: string, seconds: number, kbitPerS: number): Promise<void> {
  await run('ffmpeg', [...SILENT, ...input(seconds, false), ...coding(kbitPerS), '-movflags', '+faststart', path])
}

/** Arguments of an encoder that makes HLS as fast as it plays: segments of a second, dated by its clock. */
export function liveHls (seconds: number): string[] {
  return [...SILENT, ...input(seconds, true), ...coding(800), '-f', 'hls', '-hls_time', '1', '-hls_list_size', '8', '-hls_flags', 'delete_segments+program_date_time', '-hls_segment_filename', 'seg%05d.ts', 'index.m3u8']
}
