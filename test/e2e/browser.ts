import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { eventually } from './eventually.ts'

const run = promisify(execFile)
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** Somebody else's installation may be going on: so long it is waited for, in seconds. */
const INSTALL_WAIT_S = 120

/** Chromium's own path; root on Debian gets one. */
export async function findChromium (): Promise<string | undefined> {
  const found = (): string | undefined => PLACES.find(existsSync)
  if (found() != null || process.getuid?.() !== 0) return found()
  await run('apt-get', ['-o', `DPkg::Lock::Timeout=${INSTALL_WAIT_S}`, 'install', '-y', '--no-install-recommends', 'chromium']).catch(() => {})
  return found()
}

/** What a viewer's player says of itself. */
export interface Seen {
  /** Of the film, in seconds; and when it was looked at, in milliseconds. */
  readonly currentTime: number
  readonly atMs: number
  readonly readyState: number
  readonly duration: number
  /** Decoded so far. */
  readonly frames: number
  readonly width: number
  readonly paused: boolean
  readonly seeking: boolean
  /** Times that it had to wait in the middle, as the page counts them. */
  readonly stalls: number
  /** Seconds behind the encoder, as the page measures them; NaN where it is not live. */
  readonly delayS: number
  readonly error: string | null
}

// In the page's own world, where the types of this project's tests do not reach.
const LOOK = `(() => {
  const video = document.querySelector('video')
  const value = id => document.getElementById(id).value
  return {
    currentTime: video.currentTime, atMs: performance.now(), readyState: video.readyState, duration: video.duration,
    frames: video.getVideoPlaybackQuality().totalVideoFrames, width: video.videoWidth, paused: video.paused, seeking: video.seeking,
    stalls: Number(value('stalls')), delayS: value('delay') === '' ? NaN : Number(value('delay')), error: video.error && video.error.message
  }
})()`
/** The first frame that was painted after the seek, by the browser's own account. */
const SEEK = (share: number): string => `new Promise(resolve => {
  const video = document.querySelector('video')
  const from = performance.now()
  video.addEventListener('seeked', () => video.requestVideoFrameCallback((now, { mediaTime }) => resolve({ ms: performance.now() - from, mediaTime })), { once: true })
  video.currentTime = video.duration * ${share}
})`

/** Looks, until so much more of the film was played or so much time has passed: taken by the page itself, which costs less than asking it each time. */
const WATCH = (seconds: number, patienceMs: number): string => `new Promise(resolve => {
  const look = () => (${LOOK})
  const looks = [look()]
  const timer = setInterval(() => {
    const seen = look()
    looks.push(seen)
    if (seen.currentTime < looks[0].currentTime + ${seconds} && seen.atMs < looks[0].atMs + ${patienceMs}) return
    clearInterval(timer)
    resolve(looks)
  }, ${LOOK_MS})
})`
/** As often as what the page shows changes. */
const LOOK_MS = 500

/** A headless browser before one node's player page. */
export class WatchPage {
  /** What the page complained of: a refusal by its policy is here, too. */
  readonly complaints: string[] = []
  /** Addresses that it asked for. */
  readonly asked: string[] = []
  readonly #browser: Browser
  readonly #page: Page

  private constructor (browser: Browser, page: Page) {
    this.#browser = browser
    this.#page = page
    page.on('pageerror', error => this.complaints.push(error.message))
    page.on('console', message => { if (message.type() === 'error') this.complaints.push(message.text()) })
    page.on('request', request => this.asked.push(request.url()))
  }

  static async open (executablePath: string, url: string, colorScheme: 'light' | 'dark' = 'light'): Promise<WatchPage> {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'] })
    try {
      const watching = new WatchPage(browser, await browser.newPage({ colorScheme, viewport: { width: 1100, height: 980 } }))
      await watching.#page.goto(url)
      return watching
    } catch (error) {
      await browser.close()
      throw error
    }
  }

  async look (): Promise<Seen> {
    return await this.#page.evaluate<Seen>(LOOK)
  }

  /** The first look that shows it. */
  async sees (what: string, wanted: (seen: Seen) => boolean): Promise<Seen> {
    let last: Seen | undefined
    return await eventually(what, async () => {
      last = await this.look()
      return wanted(last) ? last : undefined
    }).catch((error: Error) => { throw new Error(`${error.message}; last seen ${JSON.stringify(last)}, complaints ${JSON.stringify(this.complaints)}`, { cause: error }) })
  }

  /** What it shows while so much more of the film is played, in seconds; fewer looks if that takes longer than `patienceMs`. */
  async watch (seconds: number, patienceMs: number): Promise<Seen[]> {
    return await this.#page.evaluate<Seen[]>(WATCH(seconds, patienceMs))
  }

  /** Jump to a share of the film. @returns when its first frame was painted, in milliseconds, and which one that is, in seconds */
  async seek (share: number): Promise<{ readonly ms: number, readonly mediaTime: number }> {
    return await this.#page.evaluate<{ ms: number, mediaTime: number }>(SEEK(share))
  }

  async text (selector: string): Promise<string> {
    return await this.#page.textContent(selector) ?? ''
  }

  /** Once it says so. */
  async reads (selector: string, wanted: RegExp): Promise<void> {
    await eventually(`${selector} says ${String(wanted)}`, async () => wanted.test(await this.text(selector)))
  }

  async press (key: string): Promise<void> {
    await this.#page.keyboard.press(key)
  }

  /** Where the keyboard is. */
  async focused (): Promise<string> {
    return await this.#page.evaluate<string>('document.activeElement.id || document.activeElement.tagName')
  }

  /** For people's eyes: into the folder that SLUICE_SCREENSHOTS names, if it names one. */
  async shoot (name: string): Promise<void> {
    const folder = process.env.SLUICE_SCREENSHOTS
    if (folder != null) await this.#page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  }

  async close (): Promise<void> {
    await this.#browser.close()
  }
}
