import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MediaTree } from '@sluice/store'
import { expect } from 'chai'
import { type RunningEdge, startEdge } from '../src/edge.ts'
import { ask } from './ask.ts'
import { temporaryFolder } from './temporary-folder.ts'

const PAGE = fileURLToPath(new URL('../../page/', import.meta.url))
/** Of WCAG 2.2, for text of usual size. */
const MIN_CONTRAST = 4.5

describe('player page', () => {
  const folder = temporaryFolder()
  let edge: RunningEdge
  beforeEach(async () => {
    mkdirSync(join(folder(), '.sluice'))
    edge = await startEdge({ host: '127.0.0.1', port: 0, tree: await MediaTree.open(folder()), secret: 'nobody guesses this one' })
  })
  afterEach(async () => { await edge.stop() })

  it('is there whatever the path, with a policy that lets nothing in from elsewhere', async () => {
    for (const path of ['/watch/film.mp4', '/watch/a/b%20c/index.m3u8?expires=1&signature=x']) {
      const { status, headers, body } = await ask(edge.url, path)
      expect([status, headers['content-type']], path).to.deep.equal([200, 'text/html; charset=utf-8'])
      const policy = String(headers['content-security-policy'])
      expect(policy).to.include("default-src 'none'").and.include("script-src 'self'").and.not.match(/unsafe|\*|https?:/)
      expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
      expect(body.toString()).to.include('<html lang="en">').and.not.match(/style=|onclick|<script>|https?:\/\//)
    }
  })

  it('has everything that it asks for, and tells that it did not change', async () => {
    const queue = [...(await ask(edge.url, '/watch/film.mp4')).body.toString().matchAll(/(?:src|href)="(\/player\/[^"]+)"/g)].map(([, path]) => path as string)
    queue.push('/player/hls.mjs', '/player/hls.worker.js')
    const seen = new Set<string>()
    for (let path = queue.pop(); path != null; path = queue.pop()) {
      if (seen.has(path)) continue
      seen.add(path)
      const { status, headers, body } = await ask(edge.url, path)
      expect(status, path).to.equal(200)
      expect((await ask(edge.url, path, { headers: { 'if-none-match': headers.etag as string } })).status, path).to.equal(304)
      if (path.endsWith('.js') && !path.includes('hls')) queue.push(...[...body.toString().matchAll(/from '\.\/([^']+)'/g)].map(([, name]) => `/player/${name}`))
    }
    const sources = readdirSync(PAGE).filter(name => name.endsWith('.ts')).map(name => `/player/${name.replace('.ts', '.js')}`)
    expect([...seen]).to.include.members(sources)
    for (const path of ['/player/', '/player/..%2fpackage.json', '/player/tsconfig.json', '/watch']) expect((await ask(edge.url, path)).status, path).to.equal(404)
  })

  it('can be read by everybody: contrast in light and in dark', () => {
    const themes = [...readFileSync(`${PAGE}player.css`, 'utf8').matchAll(/:root \{([^}]*)\}/g)].map(([, text = '']) => new Map([...text.matchAll(/--(\w+): (#\w{6})/g)].map(([, name, color]) => [name as string, color as string])))
    expect(themes).to.have.length(2)
    for (const theme of themes) {
      for (const ink of ['ink', 'quiet', 'accent', 'good', 'bad']) {
        for (const ground of ['ground', 'card']) expect(contrast(theme.get(ink) as string, theme.get(ground) as string), `${ink} on ${ground}`).to.be.at.least(MIN_CONTRAST)
      }
    }
  })
})

function contrast (a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

/** Relative luminance, as WCAG defines it. */
function luminance (color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16) / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
