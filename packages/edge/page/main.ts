import { bufferedAhead, secondsText, signedQuery, withQuery } from './figures.ts'
import { type Playback, play } from './playback.ts'
import { type MediaFacts, ServerFacts } from './server-facts.ts'

/** How often the page looks at its player, and at the server, in milliseconds. */
const LOOK_MS = 500
const ASK_MS = 2_000

function find<T extends HTMLElement> (id: string): T {
  const element = document.getElementById(id)
  if (element == null) throw new Error(`the page has no ${id}`)
  return element as T
}

const path = location.pathname.replace(/^\/watch\//, '')
const query = signedQuery(location.search)
const address = `/media/${path}`
const video = find<HTMLVideoElement>('video')
let stalls = 0
let begun = false

function data (id: string, value: number | string, text: string): void {
  const element = find<HTMLDataElement>(id)
  element.value = String(value)
  element.textContent = text
}

function trouble (sentence: string | undefined): void {
  const alert = find('trouble')
  alert.hidden = sentence == null
  if (sentence != null && alert.textContent !== sentence) alert.textContent = sentence
}

function name (): void {
  const parts = path.split('/').map(decoded)
  // A playlist is mostly called index: its folder says what it is.
  const last = parts.at(-1) ?? ''
  const title = /^(index|master|playlist|stream)\.[^.]+$/i.test(last) && parts.length > 1 ? parts.at(-2) ?? last : last
  find('name').textContent = title
  find('place').textContent = `/${parts.join('/')}`
  document.title = `${title} – watch`
  find<HTMLAnchorElement>('address').href = withQuery(address, query)
}

function decoded (text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function look (playback: Playback): void {
  const ahead = bufferedAhead(video.buffered, video.currentTime)
  data('buffer', ahead, secondsText(ahead))
  const delay = begun ? playback.delayS() : undefined
  find('delay-row').hidden = delay == null
  if (delay != null) data('delay', delay, secondsText(delay))
  data('stalls', stalls, stalls === 0 ? 'none' : String(stalls))
  const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality()
  if (video.videoWidth === 0) return
  find('picture').textContent = `${video.videoWidth} × ${video.videoHeight}`
  data('dropped', droppedVideoFrames, `${droppedVideoFrames} of ${totalVideoFrames}`)
}

async function ask (facts: ServerFacts, playback: Playback): Promise<void> {
  if (document.hidden) return
  const response = await fetch(withQuery(`/api/v1/media/${path}`, query)).catch(() => undefined)
  if (response?.ok === true) facts.show(await response.json() as MediaFacts, playback.delayS() != null)
  else if (response?.status === 403) trouble(`This address ${(await response.text()).trim()}.`)
}

video.addEventListener('playing', () => { begun = true })
// Waiting at the start, or where the viewer has jumped to, is no interruption.
video.addEventListener('waiting', () => { if (begun && !video.seeking) stalls++ })
video.addEventListener('seeking', () => { begun = false })

name()
const facts = new ServerFacts(find)
const playback = await play({ video, address, query, onTrouble: trouble })
// Where the browser does not let a page begin by itself, its controls do.
video.play().catch(() => {})
setInterval(() => { look(playback) }, LOOK_MS)
setInterval(() => { void ask(facts, playback) }, ASK_MS)
await ask(facts, playback)
