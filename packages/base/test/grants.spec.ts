import type { Journal } from '@sluice/store'
import { open, Role, type Verb } from '@sluice/wire'
import { expect } from 'chai'
import { type AccessRule, DEFAULT_ACCESS, Grants } from '../src/grants.ts'
import { identity } from './identity.ts'

const MEMBERS: Record<string, { role: Role, labels: Array<{ name: string, value: string }>, revoked: boolean }> = {
  provider: { role: Role.PROVIDER, labels: [{ name: 'team', value: 'a' }], revoked: false },
  node: { role: Role.NODE, labels: [{ name: 'region', value: 'eu' }], revoked: false },
  other: { role: Role.NODE, labels: [], revoked: false },
  gone: { role: Role.PROVIDER, labels: [], revoked: true }
}
const journal = { member: (peer: string) => MEMBERS[peer] == null ? undefined : { peer, ...MEMBERS[peer] } } as unknown as Journal

describe('grants', () => {
  const grant = async (rules: readonly AccessRule[], member: string, path: string[], verb: Verb, node = 'node'): Promise<string> => {
    const { key, peer } = await identity('base')
    return await new Grants({ key, self: peer, epoch: 0, journal, rules }).grant(member === 'base' ? peer : member, { node, path, verb })
      .then(async bytes => { const { value } = await open('capability', bytes, peer); return `/${value.path.join('/')} ${value.verbs.join()}` }, (error: Error) => error.message)
  }

  it('let providers do everything and nodes read, where nothing else is configured', async () => {
    expect(await grant(DEFAULT_ACCESS, 'provider', ['vod'], 'put')).to.equal('/ list,stat,get,put,mkdir,setattr')
    expect(await grant(DEFAULT_ACCESS, 'other', ['vod'], 'get')).to.equal('/ list,stat,get')
    expect(await grant(DEFAULT_ACCESS, 'other', ['vod'], 'put')).to.match(/no rule of the base allows you to put \/vod/)
    expect(await grant([], 'base', ['vod'], 'setattr')).to.equal('/ list,stat,get,put,mkdir,setattr')
  })

  it('give what a rule allows and nothing else', async () => {
    const rules: AccessRule[] = [{ who: 'team=a', to: 'region=eu', path: ['vod'], verbs: ['list', 'put'] }]
    expect(await grant(rules, 'provider', ['vod', 'x'], 'put')).to.equal('/vod list,put')
    for (const [path, verb, node] of [[['music'], 'put', 'node'], [['vod'], 'get', 'node'], [['vod'], 'put', 'other'], [[], 'list', 'node']] as Array<[string[], Verb, string]>) expect(await grant(rules, 'provider', path, verb, node)).to.match(/no rule/)
    expect(await grant(rules, 'other', ['vod'], 'list')).to.match(/no rule/)
  })

  it('refuse members that are none any more, servers that are none, and paths that cannot be', async () => {
    expect(await grant(DEFAULT_ACCESS, 'gone', ['vod'], 'get')).to.match(/no rule/)
    expect(await grant(DEFAULT_ACCESS, 'stranger', ['vod'], 'get')).to.match(/no rule/)
    expect(await grant(DEFAULT_ACCESS, 'provider', ['vod'], 'get', 'provider')).to.match(/no media server provider/)
    expect(await grant(DEFAULT_ACCESS, 'provider', ['..'], 'get')).to.match(/would leave/)
    expect(await grant(DEFAULT_ACCESS, 'provider', ['vod'], 'rm' as Verb)).to.match(/no verb "rm"/)
  })
})
