import { expect } from 'chai'
import { CollisionCheck, checkPath, MAX_COMPONENT_BYTES, MAX_DEPTH, MAX_PATH_BYTES, parsePath, PathError } from '../src/path.ts'

/** Hostile names, by class: what each is meant to achieve somewhere. */
function * hostileNames (): Generator<[string, string]> {
  for (const name of ['', '.', '..']) yield ['leaves its folder', name]
  for (const name of ['.. ', '..  ', '. ', '...', '....', '.. .', 'a.', 'a..', 'a ', 'film.mp4.', 'film.mp4 ', 'film.mp4. .', ' ', '  ']) yield ['is trimmed by Windows', name]

  for (const before of ['', 'a', '..', 'etc']) {
    for (const separator of ['/', '\\', ':']) {
      for (const after of ['', 'b', '..', 'passwd']) yield ['has a separator', `${before}${separator}${after}`]
    }
  }
  for (const name of ['/etc/passwd', '\\\\server\\share', 'C:', 'C:\\', 'file:///etc', 'a::$DATA', 'a:stream', '\\\\?\\C:\\', '//x', '..\\..', '../..']) yield ['is absolute or a stream', name]

  for (let code = 0; code <= 0x1f; code++) for (const name of wrapped(code)) yield ['has a control character', name]
  for (let code = 0x7f; code <= 0x9f; code++) for (const name of wrapped(code)) yield ['has a control character', name]

  const devices = ['con', 'prn', 'aux', 'nul', 'conin$', 'conout$']
  for (const digit of [...'0123456789¹²³']) devices.push(`com${digit}`, `lpt${digit}`)
  for (const device of devices) {
    for (const name of [device, device.toUpperCase(), `${device}.txt`, `${device}.tar.gz`, `${device} .txt`]) yield ['is a device', name]
  }

  for (const name of ['.sluice', '.SLUICE', '.Sluice', '.sLuIcE', '.ſluice', '.ſLUICE', '.slu\u200dice', '.sluice\u200c', '\ufeff.sluice', '.sl\u00aduice']) yield ['is our own folder', name]
  for (const name of ['\ud800', '\udfff', 'a\ud800b', '\udc00\ud800', 'film\udbff.mp4', '\ud83d']) yield ['is no Unicode', name]
  for (const name of ['a'.repeat(256), 'é'.repeat(128), '映'.repeat(86), '🎬'.repeat(64), 'x'.repeat(65_536)]) yield ['is too long', name]
}

function wrapped (code: number): string[] {
  const char = String.fromCharCode(code)
  return [char, `a${char}`, `${char}a`, `film${char}.mp4`]
}

const BENIGN = [
  'film.mp4', 'Der Große Diktator (1940).mkv', 'Amélie – Le fabuleux destin.mkv', 'Ame\u0301lie.mkv', '映画.mp4', '七人の侍.mkv', 'الرسالة.mp4', 'שואה.mkv', 'Бронено́сец «Потёмкин».avi',
  'मदर इंडिया.mp4', '기생충.mkv', 'Πολίτικη Κουζίνα.mp4', 'ภาพยนตร์.mp4', '🎬👩‍👩‍👧.mp4', '\u{20000}.mp4', 'می‌خواهم.mp4', 'İstanbul.mp4', '.hidden', '..hidden', '...a', 'a..b', 'a.b.c', '-rf', '--help',
  '~', '$HOME', '%2e%2e', '&amp;', '`id`', '$(id)', 'a b', ' leading', "it's", '"quoted"', 'Who?.mkv', '100%.mp4', 'a*b', '<a>', 'a|b', '#1', 'console', 'com10', 'lpt', 'nullify', 'auxiliary.txt', 'contents', 'com.txt',
  'sluice', '.sluices', '.sluice.d', 'a'.repeat(MAX_COMPONENT_BYTES), '映'.repeat(85)
]

describe('path', () => {
  const hostile = [...hostileNames()]

  it('has at least 500 hostile names to refuse', () => {
    expect(new Set(hostile.map(([, name]) => name)).size).to.be.at.least(500)
  })

  it('refuses every hostile name wherever it stands', () => {
    for (const [why, name] of hostile) {
      for (const path of [[name], ['a', name], [name, 'a'], ['a', name, 'b']]) {
        expect(() => checkPath(path), `${JSON.stringify(name.slice(0, 40))} ${why}`).to.throw(PathError)
      }
    }
  })

  it('refuses them in one text as well', () => {
    for (const [why, name] of hostile) {
      // A name that is a sound path when read as text is no attack on parsePath.
      if (name === '' || name.includes('/')) continue
      expect(() => parsePath(`/a/${name}/b`), `${JSON.stringify(name.slice(0, 40))} ${why}`).to.throw(PathError)
    }
    for (const text of ['//', '///', 'a//b', '//a', 'a//', '/a//', '../a', '/..', './a', 'a/./b', 'a/../../b']) expect(() => parsePath(text), text).to.throw(PathError)
  })

  it('lets names of every language pass', () => {
    for (const name of BENIGN) {
      expect(() => checkPath(['vod', name, 'x']), name).to.not.throw()
      expect(parsePath(`/vod/${name}`), name).to.deep.equal(['vod', name])
    }
  })

  it('reads a path with and without its outer separators', () => {
    for (const text of ['vod/film.mp4', '/vod/film.mp4', 'vod/film.mp4/', '/vod/film.mp4/']) expect(parsePath(text)).to.deep.equal(['vod', 'film.mp4'])
    for (const text of ['', '/']) expect(parsePath(text)).to.deep.equal([])
  })

  it('keeps to its limits and not a byte less', () => {
    expect(() => checkPath(Array.from({ length: MAX_DEPTH }, () => 'a'))).to.not.throw()
    expect(() => checkPath(Array.from({ length: MAX_DEPTH + 1 }, () => 'a'))).to.throw(PathError, 'deeper')
    const name = 'a'.repeat(255)
    const full = Array.from({ length: MAX_PATH_BYTES / 256 }, () => name)
    expect(() => checkPath(full)).to.not.throw()
    expect(() => checkPath([...full, 'a'])).to.throw(PathError, 'longer')
  })

  describe('collisions', () => {
    const same: Array<[string[], string[]]> = [
      [['a'], ['a']], [['a'], ['A']], [['é'], ['e\u0301']], [['É'], ['e\u0301']], [['ΑΣ'], ['ασ']], [['ας'], ['ασ']], [['ſ'], ['S']], [['K'], ['\u212a']], [['å'], ['\u212b']],
      [['ﬀ'], ['ff']], [['Straße'], ['STRASSE']], [['a\u200db'], ['ab']], [['A', 'x'], ['a', 'y']], [['A', 'x'], ['a']], [['ǆ'], ['ǅ']]
    ]
    for (const [one, other] of same) {
      it(`finds ${JSON.stringify(one.join('/'))} and ${JSON.stringify(other.join('/'))}`, () => {
        for (const [first, second] of [[one, other], [other, one]] as const) {
          const check = new CollisionCheck()
          check.add(first)
          expect(() => { check.add(second) }).to.throw(PathError)
        }
      })
    }

    it('finds none among different names', () => {
      const check = new CollisionCheck()
      check.add([], 'folder')
      for (const name of BENIGN.filter((name) => name !== 'Ame\u0301lie.mkv')) check.add([name])
      check.add(['folder'], 'folder')
      for (const name of ['a', 'b', 'ab']) check.add(['folder', name])
      check.add(['other', 'a'])
    })

    it('finds what is inside of a file, and a folder that comes too late', () => {
      const check = new CollisionCheck()
      check.add(['link'], 'other')
      expect(() => { check.add(['link', 'x']) }).to.throw(PathError, 'no folder')
      check.add(['dir', 'x'])
      expect(() => { check.add(['dir'], 'folder') }).to.throw(PathError, 'after')
    })

    it('holds deep and wide trees in proportion to their names', () => {
      const check = new CollisionCheck()
      const before = process.memoryUsage().heapUsed
      for (let i = 0; i < 2000; i++) check.add(Array.from({ length: 48 }, (_, depth) => `${i}-${depth}-${'x'.repeat(50)}`))
      // 96,000 names of some 60 bytes: every prefix as a text of its own would be 3 GB.
      expect(process.memoryUsage().heapUsed - before).to.be.below(200 * 2 ** 20)
    })
  })
})
