import { expect } from 'chai'
import { renderTable } from '../../src/table.ts'

describe('table', () => {
  it('aligns its columns and leaves no blanks at the ends', () => {
    const text = renderTable([{ title: 'node' }, { title: 'bytes', align: 'right' }, { title: 'note' }], [['a', '5', ''], ['node-12', '12345678', 'late']])
    expect(text).to.equal('node        bytes  note\na               5\nnode-12  12345678  late')
  })

  it('gives combining marks no room', () => {
    expect(renderTable([{ title: 'n' }, { title: 'x' }], [['e\u0301', '1'], ['e', '2']])).to.equal('n  x\ne\u0301  1\ne  2')
  })

  it('prints its titles without rows', () => expect(renderTable([{ title: 'a' }, { title: 'b' }], [])).to.equal('a  b'))
})
