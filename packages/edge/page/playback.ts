import { withQuery } from './figures.ts'

export interface Playback {
  /** Seconds between what is seen and now; undefined where nothing is live. */
  delayS (): number | undefined
}

export interface PlaybackInit {
  readonly video: HTMLVideoElement
  /** Of the media, without its signature. */
  readonly address: string
  /** `?…`, to be added to every address; or empty. */
  readonly query: string
  /** What hinders it, in a sentence; undefined: nothing any more. */
  readonly onTrouble: (sentence: string | undefined) => void
}

/** Segments between the live edge and what is played: one that plays, one that is being fetched. */
const BEHIND_SEGMENTS = 2
/** Farther behind than this it leaves out what it missed. */
const MOST_BEHIND_SEGMENTS = 6
/** So much faster it plays to come back to its place behind the edge: nobody hears it. */
const CATCH_UP = 1.1
/** A film is fetched so far ahead, in seconds. */
const AHEAD_S = 30
/** Between one attempt and the next, in milliseconds. */
const AGAIN_MS = 2_000
/** From `packages/edge/src/player-files.ts`. */
const HLS_ADDRESS: string = '/player/hls.mjs'
const WORKER_ADDRESS = '/player/hls.worker.js'

/** Play a playlist by hls.js, or by the browser where it cannot run; and everything else by the browser. */
export async function play (init: PlaybackInit): Promise<Playback> {
  if (!/\.m3u8$/i.test(init.address)) return playFile(init)
  const { default: Hls } = await import(HLS_ADDRESS) as typeof import('hls.js')
  if (Hls.isSupported()) return playList(init, Hls)
  if (init.video.canPlayType('application/vnd.apple.mpegurl') !== '') return playFile(init)
  init.onTrouble('This browser cannot play HLS.')
  return { delayS: () => undefined }
}

function playList ({ video, address, query, onTrouble }: PlaybackInit, Hls: typeof import('hls.js').default): Playback {
  const hls = new Hls({
    liveSyncDurationCount: BEHIND_SEGMENTS,
    liveMaxLatencyDurationCount: MOST_BEHIND_SEGMENTS,
    maxLiveSyncPlaybackRate: CATCH_UP,
    maxBufferLength: AHEAD_S,
    workerPath: WORKER_ADDRESS,
    xhrSetup: (request, url) => { request.open('GET', withQuery(url, query), true) }
  })
  hls.on(Hls.Events.ERROR, (_event, { fatal, type, details, response, error }) => {
    if (!fatal) return
    if (type === Hls.ErrorTypes.MEDIA_ERROR) return hls.recoverMediaError()
    if (type !== Hls.ErrorTypes.NETWORK_ERROR) return onTrouble(`This cannot be played: ${error.message}`)
    onTrouble(response?.code === 404 ? 'There is nothing here yet. Waiting for it …' : `The server does not give it (${response?.code || 'no answer'}). Trying again …`)
    const again = (): void => details.startsWith('manifest') ? hls.loadSource(address) : hls.startLoad()
    setTimeout(again, AGAIN_MS)
  })
  hls.on(Hls.Events.FRAG_BUFFERED, () => { onTrouble(undefined) })
  hls.loadSource(address)
  hls.attachMedia(video)
  return {
    delayS: () => {
      if (hls.latestLevelDetails?.live !== true) return undefined
      // By the encoder's clock where the playlist tells it; else from the playlist's end.
      return hls.playingDate == null ? hls.latency : (Date.now() - hls.playingDate.getTime()) / 1000
    }
  }
}

function playFile ({ video, address, query, onTrouble }: PlaybackInit): Playback {
  let at = 0
  video.addEventListener('timeupdate', () => { if (video.error == null) at = video.currentTime })
  video.addEventListener('seeking', () => { if (video.error == null) at = video.currentTime })
  video.addEventListener('loadeddata', () => { onTrouble(undefined) })
  video.addEventListener('error', () => {
    const { code, message } = video.error ?? {}
    if (code === MediaError.MEDIA_ERR_DECODE) return onTrouble(`This cannot be played: ${message || 'the browser does not say why'}`)
    onTrouble(code === MediaError.MEDIA_ERR_NETWORK ? 'The server does not go on. Trying again …' : 'There is nothing here that this browser can play. Trying again …')
    setTimeout(() => {
      const paused = video.paused
      video.src = withQuery(address, query)
      video.currentTime = at
      if (!paused) video.play().catch(() => {})
    }, AGAIN_MS)
  })
  video.src = withQuery(address, query)
  return { delayS: () => undefined }
}
