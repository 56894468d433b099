import { appendFile, chmod, cp, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { compareTree, describeTree } from '../../src/demo/comparison.ts'

describe('comparison of trees', () => {
  let dir: string
  const at = (path: string): string => join(dir, path)

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sluice-compare-'))
    await mkdir(at('a/deep'), { recursive: true })
    await writeFile(at('a/one'), 'one')
    await writeFile(at('a/deep/two'), 'two')
    await cp(at('a'), at('b'), { recursive: true, preserveTimestamps: true })
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('finds nothing in a true copy, of a tree or of a file', async () => {
    expect(await compareTree(await describeTree(at('a')), at('b'))).to.deep.equal([])
    expect(await compareTree(await describeTree(at('a/one')), at('b/one'))).to.deep.equal([])
  })

  const CHANGES: Array<[name: string, change: () => Promise<void>, problem: RegExp]> = [
    ['another byte', () => appendFile(at('b/deep/two'), '!'), /b\/deep\/two has other bytes/],
    ['a missing file', () => rm(at('b/one')), /b\/one is missing/],
    ['another file', () => writeFile(at('b/three'), ''), /b\/three was not published/],
    ['another mode', () => chmod(at('b/one'), 0o600), /b\/one has mode 600/],
    ['another time', () => utimes(at('b/one'), 1, 1), /b\/one has the modification time 1970/],
    ['nothing at all', () => rm(at('b'), { recursive: true }), /b cannot be read/]
  ]
  for (const [name, change, problem] of CHANGES) {
    it(`finds ${name}`, async () => {
      await change()
      const problems = await compareTree(await describeTree(at('a')), at('b'))
      expect(problems).to.have.lengthOf(1)
      expect(problems[0]).to.match(problem)
    })
  }
})
