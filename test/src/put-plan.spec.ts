import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { exitCodeOf } from '../../src/failure.ts'
import { planPuts } from '../../src/put-plan.ts'

describe('put plan', () => {
  let dir: string
  const at = (name: string): string => join(dir, name)

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sluice-plan-'))
    await writeFile(at('film.mp4'), 'film')
    await mkdir(at('show'))
    await mkdir(at('other'))
    await writeFile(at('other/film.mp4'), 'other')
    await symlink('film.mp4', at('link.mp4'))
    await symlink('nowhere', at('broken'))
  })
  after(() => rm(dir, { recursive: true, force: true }))

  const GOOD: Array<[name: string, paths: string[], as: string | undefined, destinations: string[]]> = [
    ['a file at its name', ['film.mp4'], undefined, ['/film.mp4']],
    ['a file exactly where it is wanted', ['film.mp4'], '/vod/x.mp4', ['/vod/x.mp4']],
    ['a file into a directory', ['film.mp4'], '/vod/', ['/vod/film.mp4']],
    ['a directory at its name', ['show'], undefined, ['/show']],
    ['a directory\'s content where it is wanted', ['show'], '/vod/x', ['/vod/x']],
    ['a directory with a slash behind it', ['show/'], undefined, ['/show']],
    ['a directory into a directory', ['show'], '/vod/', ['/vod/show']],
    ['several by their names', ['film.mp4', 'show'], '/vod', ['/vod/film.mp4', '/vod/show']],
    ['several in the root', ['film.mp4', 'show'], undefined, ['/film.mp4', '/show']],
    ['a link as what it points to', ['link.mp4'], undefined, ['/link.mp4']],
    ['a destination without its slash', ['film.mp4'], 'x.mp4', ['/x.mp4']],
    ['a directory\'s content in the root', ['show'], '/', ['/show']]
  ]
  for (const [name, paths, as, destinations] of GOOD) {
    it(`lands ${name}`, async () => {
      const puts = await planPuts(paths.map(at), as)
      expect(puts.map(put => put.destination)).to.deep.equal(destinations)
    })
  }

  const BAD: Array<[name: string, paths: string[], as: string | undefined, message: RegExp]> = [
    ['a path that does not exist', ['none'], undefined, /none does not exist/],
    ['a broken link', ['broken'], undefined, /broken does not exist/],
    ['two that would land at one place', ['film.mp4', 'other/film.mp4'], '/vod', /both land at \/vod\/film.mp4; publish them separately/],
    ['a destination that climbs', ['film.mp4'], '/vod/../../etc/passwd', /would leave its folder/],
    ['a destination with an empty part', ['film.mp4'], '/vod//x', /is empty/],
    ['a destination of ours', ['film.mp4'], '/.sluice/x', /is reserved/]
  ]
  for (const [name, paths, as, message] of BAD) {
    it(`refuses ${name} as a mistake of usage`, async () => {
      const error = await planPuts(paths.map(at), as).then(() => undefined, (cause: unknown) => cause)
      expect((error as Error).message).to.match(message)
      expect(exitCodeOf(error)).to.equal(2)
    })
  }

  it('refuses what is neither a file nor a directory', async () => {
    const error = await planPuts(['/dev/null']).then(() => undefined, (cause: unknown) => cause)
    expect((error as Error).message).to.match(/neither a file nor a directory/)
  })
})
