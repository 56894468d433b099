import { expect } from 'chai'
import { parseXattrs } from '../src/xattrs.ts'

describe('extended attributes', () => {
  it('are read from what getfattr prints, odd names and empty values included', () => {
    const text = '# file: /a/b\nuser.title=0sRmlsbQ==\nuser.empty\n\n# file: /a/new\\012line \\303\\274\nuser.\\075=0s/w==\n\n'
    expect([...parseXattrs(text)].map(([path, xattrs]) => [path, xattrs.map(({ name, value }) => [name, Buffer.from(value).toString('latin1')])])).to.deep.equal([
      ['/a/b', [['user.title', 'Film'], ['user.empty', '']]],
      ['/a/new\nline ü', [['user.=', 'ÿ']]]
    ])
  })
})
