import { expect } from 'chai'
import { parseLabels } from '../../src/commands/invite.ts'
import { parseTargets } from '../../src/targets.ts'

const PEER = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'

describe('targets', () => {
  it('reads all, labels and peers', () => {
    expect(parseTargets(['region=eu,region=us', PEER])).to.deep.equal(['region=eu', 'region=us', PEER])
    expect(parseTargets(['all'])).to.deep.equal(['all'])
  })

  it('takes everyone for everyone, and each word once', () => {
    expect(parseTargets(['region=eu', 'all'])).to.deep.equal(['all'])
    expect(parseTargets(['region=eu', 'region=eu'])).to.deep.equal(['region=eu'])
  })

  for (const text of ['', ',', 'everyone', 'region=', '=eu', '12D3KooWxx']) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(() => parseTargets([text])).to.throw(/^--to .*(is empty|neither `all`, label=value nor a peer id)/))
  }
})

describe('labels', () => {
  it('reads name=value', () => expect(parseLabels(['region=eu', 'disk=ssd'])).to.deep.equal({ region: 'eu', disk: 'ssd' }))

  for (const text of ['region', '=eu', 'region=e,u', 'a b=c', 'region=']) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(() => parseLabels([text])).to.throw(/^--label /))
  }
})
