import { EntryType } from '@sluice/wire'
import { expect } from 'chai'
import { type RunningHttpApi, startHttpApi } from '../src/http-api.ts'
import type { LocatedNode } from '../src/locator.ts'

const node = (name: string, region: string, http?: string): LocatedNode => ({ node: name, labels: [{ name: 'region', value: region }], entry: { path: [], type: EntryType.FILE, size: 7, digest: new Uint8Array(), target: [], attributes: { mtimeSeconds: 2, xattrs: [] } }, viewers: 3, uploadRate: 9, http })

describe('the base\'s HTTP interface', () => {
  let api: RunningHttpApi
  let asked: string[]
  before(async () => {
    api = await startHttpApi({
      host: '127.0.0.1',
      port: 0,
      locator: {
        locate: async path => {
          asked.push(path.join('/'))
          return path[0] === 'vod' ? [node('mute', 'eu'), node('paris', 'eu', 'https://paris.example'), node('boston', 'us', 'http://boston:8080')] : []
        }
      }
    })
  })
  after(async () => { await api.stop() })
  beforeEach(() => { asked = [] })
  const get = async (query: string): Promise<Response> => await fetch(`${api.url}/api/v1/locate${query}`, { redirect: 'manual' })

  it('names who has a file', async () => {
    const response = await get('?path=/vod/a%20b.mp4')
    expect([response.status, response.headers.get('access-control-allow-origin')]).to.deep.equal([200, '*'])
    const { path, nodes } = await response.json() as { path: string, nodes: object[] }
    expect([path, asked]).to.deep.equal(['/vod/a b.mp4', ['vod/a b.mp4']])
    expect(nodes[1]).to.deep.equal({ peer: 'paris', labels: { region: 'eu' }, size: 7, mtimeMs: 2_000, viewers: 3, uploadRate: 9, url: 'https://paris.example/media/vod/a%20b.mp4' })
    expect(nodes.map(({ url }: { url?: string }) => url != null)).to.deep.equal([false, true, true])
  })

  for (const { name, query, to } of [
    { name: 'the least busy that has said where', query: '?path=/vod/x.mp4&redirect=1', to: 'https://paris.example/media/vod/x.mp4' },
    { name: 'one with the label', query: '?path=vod/x.mp4&label=region%3Dus&redirect=1', to: 'http://boston:8080/media/vod/x.mp4' },
    { name: 'there with what else he asked', query: '?path=/vod/x.mp4&redirect=1&expires=9&signature=ab%2Bc', to: 'https://paris.example/media/vod/x.mp4?expires=9&signature=ab%2Bc' }
  ]) {
    it(`sends a viewer to ${name}`, async () => {
      const response = await get(query)
      expect([response.status, response.headers.get('location')]).to.deep.equal([302, to])
    })
  }

  for (const { name, query, status, says } of [
    { name: 'nobody has it', query: '?path=/other&redirect=1', status: 404, says: /no node/ },
    { name: 'no label fits', query: '?path=/vod/x&label=region=mars&redirect=1', status: 404, says: /no node/ },
    { name: 'no path is given', query: '', status: 400, says: /say which file/ },
    { name: 'the path leads out', query: '?path=/vod/../../etc', status: 400, says: /component/ }
  ]) {
    it(`says so where ${name}`, async () => {
      const response = await get(query)
      expect(response.status).to.equal(status)
      expect((await response.json() as { error: string }).error).to.match(says)
    })
  }
})
