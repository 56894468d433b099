import { expect } from 'chai'
import { type Step, truthOf } from './script.ts'

const put = (path: string, seed: number, staged = false): Step => ({ kind: 'put', path, tree: false, staged, files: [{ name: 'x', size: 1, seed }] })

describe('the truth about a script', () => {
  it('is what its commands come to in their order', () => {
    const { final, allowed, lasting } = truthOf([put('/a', 1), put('/b', 2, true), { kind: 'publish', puts: [2] }, { kind: 'move', path: '/a', to: '/c' }, put('/b', 3)])
    expect([...final]).to.have.deep.members([['/b', 3], ['/c', 1]])
    expect([...allowed.get('/a') ?? []]).to.deep.equal([1])
    expect([...allowed.get('/b') ?? []]).to.deep.equal([2, 3])
    expect(lasting.get(1)?.size, 'it was moved').to.equal(0)
    expect([...lasting.get(5) ?? []]).to.deep.equal([['/b', 3]])
  })

  it('shows nothing of what is staged, and nothing that was removed', () => {
    const tree: Step = { kind: 'put', path: '/t', tree: true, staged: false, files: [{ name: 'deep/x', size: 1, seed: 1 }, { name: 'y', size: 1, seed: 2 }] }
    const { final, allowed } = truthOf([put('/s', 9, true), tree, { kind: 'remove', path: '/t/deep' }])
    expect([...final]).to.deep.equal([['/t/y', 2]])
    expect(allowed.has('/s')).to.equal(false)
    expect(allowed.has('/t/deep/x')).to.equal(true)
  })
})
