import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { loadConfig, loadConfigOf, parseConfig } from '../../src/config.ts'
import { ConfigError, nearest } from '../../src/config-error.ts'

const PEER = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'
const RSA = 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N'
const BASE = `/ip4/192.0.2.7/tcp/4100/p2p/${PEER}`
const LISTEN = 'listen: [/ip4/0.0.0.0/tcp/4100]\n'
const FILE = 'conf/sluice.yaml'

/** Each: the text, the line and the key of the only problem, what is wrong, and the remedy. */
const BAD: Array<[name: string, text: string, line: number, key: string, what: RegExp, remedy: RegExp]> = [
  ['an unknown key', `dataDir: d\n${LISTEN}lisen: 2\n`, 3, 'lisen', /no key that Sluice knows/, /did you mean `listen`/],
  ['an unknown key within', `dataDir: d\n${LISTEN}limits:\n  uplaod: 1MB/s\n`, 4, 'limits.uplaod', /no key/, /did you mean `upload`/],
  ['an unknown key that is like none', `dataDir: d\n${LISTEN}limits:\n  colour: red\n`, 4, 'limits.colour', /no key/, /known here: upload/],
  ['an unknown key of a member', `dataDir: d\n${LISTEN}members:\n  - peer: ${PEER}\n    role: node\n    label: {}\n`, 6, 'members[0].label', /no key/, /did you mean `labels`/],
  ['a text for a list', 'dataDir: d\nlisten: /ip4/0.0.0.0/tcp/1\n', 2, 'listen', /must be a list, and is a text/, /listen: \[\/ip4\/0.0.0.0\/tcp\/4100\]/],
  ['a number for a text', `dataDir: 5\n${LISTEN}`, 1, 'dataDir', /must be a text, and is a number \(5\)/, /dataDir: \.\/data/],
  ['nothing for a text', `dataDir:\n${LISTEN}`, 1, 'dataDir', /is empty/, /dataDir: \.\/data/],
  ['an empty text', `dataDir: ''\n${LISTEN}`, 1, 'dataDir', /is empty/, /dataDir: \.\/data/],
  ['a list for a map', `dataDir: d\n${LISTEN}limits: [1]\n`, 3, 'limits', /must be a map of keys, and is a list/, /upload: 20Mbit\/s/],
  ['a list for the file', '- 1\n', 1, '', /must be a map of keys, and is a list/, /sluice schema/],
  ['an empty file', '', 1, 'dataDir', /is missing/, /dataDir: \.\/data/],
  ['a comment only', '# to be written\n', 1, 'dataDir', /is missing/, /dataDir: \.\/data/],
  ['no multiaddr', 'dataDir: d\nlisten:\n  - 0.0.0.0:4100\n', 3, 'listen[0]', /not a multiaddr/, /- \/ip4\/0.0.0.0\/tcp\/4100/],
  ['a multiaddr of a bad address', 'dataDir: d\nlisten: [/ip4/999.0.0.1/tcp/1]\n', 2, 'listen[0]', /Invalid IPv4/, /- \/ip4/],
  ['a port that is none', 'dataDir: d\nlisten: [/ip4/0.0.0.0/tcp/70000]\n', 2, 'listen[0]', /65535/, /- \/ip4/],
  ['a name to listen on', 'dataDir: d\nlisten: [/dns4/a.example/tcp/1]\n', 2, 'listen[0]', /does not begin with \/ip4/, /- \/ip4/],
  ['UDP to listen on', 'dataDir: d\nlisten: [/ip4/0.0.0.0/udp/1]\n', 2, 'listen[0]', /TCP port/, /- \/ip4/],
  ['a peer id to listen on', `dataDir: d\nlisten: [/ip4/0.0.0.0/tcp/1/p2p/${PEER}]\n`, 2, 'listen[0]', /goes on after its port/, /- \/ip4/],
  ['nowhere to listen', 'dataDir: d\nlisten: []\n', 2, 'listen', /empty list/, /listen: \[/],
  ['a base without its peer', 'dataDir: d\nbase: /ip4/192.0.2.7/tcp/4100\n', 2, 'base', /does not end in \/p2p\/PEER/, /base: \/ip4\/.*\/p2p\//],
  ['a base with a bad peer', 'dataDir: d\nbase: /ip4/192.0.2.7/tcp/4100/p2p/12D3KooWxx\n', 2, 'base', /"12D3KooWxx", which is not a peer id/, /base: \/ip4/],
  ['a base with an RSA key', `dataDir: d\nbase: /ip4/192.0.2.7/tcp/4100/p2p/${RSA}\n`, 2, 'base', /type RSA/, /base: \/ip4/],
  ['a base behind another peer', `dataDir: d\nbase: ${BASE}/p2p-circuit\n`, 2, 'base', /goes on after its peer id/, /base: \/ip4/],
  ['a member who is no peer', `dataDir: d\n${LISTEN}members:\n  - peer: mallory\n    role: node\n`, 4, 'members[0].peer', /not a peer id/, /peer: 12D3KooW/],
  ['a member with a mistyped peer', `dataDir: d\n${LISTEN}members:\n  - role: node\n    peer: ${PEER.slice(0, -1)}6\n    labels: {}\n  - {}\n`, 7, 'members[1].peer', /is missing/, /peer: 12D3KooW/],
  ['a member of no such role', `dataDir: d\n${LISTEN}members:\n  - peer: ${PEER}\n    role: base\n`, 5, 'members[0].role', /one of node, provider/, /role: node/],
  ['a member listed twice', `dataDir: d\n${LISTEN}members:\n  - {peer: ${PEER}, role: node}\n  - {peer: ${PEER}, role: provider}\n`, 5, 'members[1].peer', /members\[0\] as well/, /once/],
  ['a label that a target could not name', `dataDir: d\n${LISTEN}members:\n  - {peer: ${PEER}, role: node, labels: {region: "eu,us"}}\n`, 4, 'members[0].labels.region', /not a label value/, /sluice schema/],
  ['a label of a bad name', `dataDir: d\n${LISTEN}members:\n  - {peer: ${PEER}, role: node, labels: {"a b": c}}\n`, 4, 'members[0].labels.a b', /not a label name/, /region: eu/],
  ['a role that is none', `role: nod\ndataDir: d\n${LISTEN}`, 1, 'role', /one of base, node, provider/, /role: node/],
  ['a rate that may be bits or bytes', `dataDir: d\n${LISTEN}limits:\n  upload: 20Mb/s\n`, 4, 'limits.upload', /not a rate; bits and bytes/, /upload: 20Mbit\/s/],
  ['a rate of nothing', `dataDir: d\n${LISTEN}limits: {upload: 0}\n`, 3, 'limits.upload', /more than 0/, /upload: 20Mbit\/s/],
  ['a period without its unit', `dataDir: d\n${LISTEN}wait: {period: 30}\n`, 3, 'wait.period', /must be a text, and is a number/, /period: 30s/],
  ['no periods', `dataDir: d\n${LISTEN}wait: {periods: 0}\n`, 3, 'wait.periods', /more than 0/, /periods: 4/],
  ['a quota without its unit', `dataDir: d\nbase: ${BASE}\n${LISTEN}media:\n  root: m\n  quota: 500 gigs\n`, 6, 'media.quota', /not a size/, /quota: 500GB/],
  ['a rule for no path', `dataDir: d\nbase: ${BASE}\n${LISTEN}media:\n  root: m\n  retention: [{path: /a/../b, keepLast: 2}]\n`, 6, 'media.retention[0].path', /no path of media/, /path: \/vod/],
  ['a rule of an unknown key', `dataDir: d\nbase: ${BASE}\n${LISTEN}media:\n  root: m\n  retention: [{path: /a, keeplast: 2}]\n`, 6, 'media.retention[0].keeplast', /no key/, /did you mean `keepLast`/],
  ['a level that is none', `dataDir: d\n${LISTEN}log:\n  level: loud\n`, 4, 'log.level', /one of debug, info, warn, error/, /level: info/],
  ['a node that listens nowhere', `dataDir: d\nbase: ${BASE}\nmedia: {root: m}\n`, 1, 'listen', /a node needs it/, /add `listen:`/],
  ['a node without media', `role: node\ndataDir: d\nbase: ${BASE}\n${LISTEN}`, 1, 'media', /a node needs it/, /add `media:`/],
  ['a base with media', `dataDir: d\n${LISTEN}media: {root: m}\n`, 3, 'media', /no effect in a base's/, /reads as a base's; remove it/],
  ['a base with a base', `role: base\ndataDir: d\n${LISTEN}base: ${BASE}\n`, 4, 'base', /no effect in a base's/, /remove it/],
  ['a node with members', `role: node\ndataDir: d\n${LISTEN}base: ${BASE}\nmedia: {root: m}\nmembers: []\n`, 6, 'members', /no effect in a node's/, /remove it/],
  ['a key twice', 'dataDir: d\ndataDir: e\n', 2, '', /not YAML: Map keys must be unique/, /mend the syntax/],
  ['broken YAML', 'dataDir: [\n', 2, '', /not YAML/, /mend the syntax/],
  ['a tab', `dataDir: d\nlimits:\n\tupload: 5\n`, 3, '', /not YAML/, /mend the syntax/],
  ['aliases that unfold without end', `a: &a [1,2]\nb: &b [${'*a,'.repeat(20)}1]\nc: &c [${'*b,'.repeat(20)}1]\nd: [${'*c,'.repeat(20)}1]\n`, 1, '', /alias/i, /instead of aliases/]
]

function problemsOf (text: string): ConfigError {
  try {
    parseConfig(FILE, text)
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError)
    return error as ConfigError
  }
  throw new Error('was accepted')
}

describe('config', () => {
  for (const [name, text, line, key, what, remedy] of BAD) {
    it(`refuses ${name}`, () => {
      const error = problemsOf(text)
      const problem = error.problems.find(candidate => candidate.key === key && candidate.line === line)
      expect(problem, error.message).to.not.equal(undefined)
      expect(problem?.what).to.match(what)
      expect(problem?.remedy).to.match(remedy)
      expect(error.message).to.include(`${FILE}:${line}:${problem?.column}: ${key}`)
    })
  }

  it('names every problem at once, in the order of the file', () => {
    const { problems } = problemsOf('dataDir: 5\nlisten: [foo, bar]\nx: 1\n')
    expect(problems.map(({ line, column }) => [line, column])).to.deep.equal([[1, 10], [2, 10], [2, 15], [3, 1]])
  })

  it('reads a base', () => {
    const config = parseConfig(FILE, `dataDir: ./d\n${LISTEN}announce: [/dns4/a.example/tcp/1]\nmembers:\n  - peer: ${PEER}\n    role: node\n    labels: {region: eu, rack: 12, spare: true}\naccess: [{who: provider, path: /vod, verbs: [list, get]}]\nlimits: {upload: 20Mbit/s}\nwait: {period: 90s, periods: 2}\nlog: {level: warn}\n`)
    expect(config).to.deep.equal({
      file: FILE,
      role: 'base',
      dataDir: resolve('conf/d'),
      listen: ['/ip4/0.0.0.0/tcp/4100'],
      announce: ['/dns4/a.example/tcp/1'],
      members: [{ peer: PEER, role: 'node', labels: { region: 'eu', rack: '12', spare: 'true' } }],
      access: [{ who: 'provider', to: 'all', path: ['vod'], verbs: ['list', 'get'] }],
      limits: { uploadRate: 2_500_000 },
      wait: { periodMs: 90_000, periods: 2 },
      log: { level: 'warn' }
    })
  })

  it('reads a node, with paths relative to its file', () => {
    const config = parseConfig('/etc/sluice/node.yaml', `base: ${BASE}\ndataDir: /var/lib/sluice\n${LISTEN}media: {root: ../media}\njoin: abc\nlimits: {upload: 1000}\n`)
    expect(config).to.deep.include({ role: 'node', dataDir: '/var/lib/sluice', base: BASE, join: 'abc', media: { root: '/etc/media', owner: false, xattrs: false } })
    expect(config).to.have.deep.property('limits', { uploadRate: 1000 })
  })

  it('infers a provider', () => {
    expect(parseConfig(FILE, `base: ${BASE}\ndataDir: d\n`)).to.deep.include({ role: 'provider', listen: [], base: BASE })
  })

  describe('files', () => {
    let dir: string
    beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'sluice-config-')) })
    afterEach(() => rm(dir, { recursive: true, force: true }))

    it('says that a file is missing, and how to make one', async () => {
      const error = await loadConfig(join(dir, 'none.yaml')).then(() => undefined, (cause: unknown) => cause)
      expect(error).to.be.instanceOf(ConfigError)
      expect((error as Error).message).to.match(/none\.yaml:1:1: cannot be read \(ENOENT.*sluice init/)
    })

    it('says that a directory is no file', async () => {
      const error = await loadConfig(dir).then(() => undefined, (cause: unknown) => cause)
      expect(error).to.be.instanceOf(ConfigError)
    })

    it('says that a command needs another role\'s file', async () => {
      const file = join(dir, 'base.yaml')
      await writeFile(file, `dataDir: d\n${LISTEN}`)
      const error = await loadConfigOf(file, 'provider').then(() => undefined, (cause: unknown) => cause)
      expect(error).to.be.instanceOf(ConfigError)
      expect((error as Error).message).to.match(/configuration of a base, and the command needs that of a provider; give the provider's file with -c/)
    })
  })

  it('guesses words that are near, and no others', () => {
    expect(nearest('Listen', ['listen', 'limits'])).to.equal('listen')
    expect(nearest('annouce', ['announce', 'base'])).to.equal('announce')
    expect(nearest('colour', ['listen', 'limits', 'log'])).to.equal(undefined)
  })
})
