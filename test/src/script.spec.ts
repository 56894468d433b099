import { expect } from 'chai'
import { ConfigError } from '../../src/config-error.ts'
import { parseScript } from '../../src/script-runner.ts'

const HEAD = 'to: all\ncommands:\n'

/** Each: the text, the line and the key of the only problem, what is wrong, and the remedy. */
const BAD: Array<[name: string, text: string, line: number, key: string, what: RegExp, remedy: RegExp]> = [
  ['no commands', 'to: all\n', 1, 'commands', /is missing/, /commands: \[\{ put: \.\/film, as: \/vod\/film \}\]/],
  ['an unknown key', `${HEAD}  - mkdir: /a\n    recursve: true\n`, 4, 'commands[0].recursve', /no key/, /did you mean `recursive`/],
  ['nothing to do', `${HEAD}  - id: a\n`, 3, 'commands[0]', /says nothing to do: give one of put, mkdir/, /./],
  ['two things to do', `${HEAD}  - mkdir: /a\n    remove: /b\n`, 4, 'commands[0].remove', /second thing to do beside `mkdir`/, /\/vod\/old/],
  ['a key of another kind', `${HEAD}  - mkdir: /a\n    recursive: true\n`, 4, 'commands[0].recursive', /no effect with `mkdir`/, /recursive: true/],
  ['a put without a place', `${HEAD}  - put: ./film\n`, 3, 'commands[0]', /needs `as` beside `put`/, /./],
  ['a path that leads out', `${HEAD}  - remove: /a/../..\n`, 3, 'commands[0].remove', /would leave its folder/, /remove: \/vod\/old/],
  ['a mode that YAML has read', `${HEAD}  - mkdir: /a\n    mode: 0755\n`, 4, 'commands[0].mode', /must be a text, and is a number \(755\)/, /mode: '0644'/],
  ['a mode that is none', `${HEAD}  - mkdir: /a\n    mode: rwx\n`, 4, 'commands[0].mode', /not an octal mode in quotes/, /mode: '0644'/],
  ['a time without a zone', `at: 2026-01-31T02:00:00\n${HEAD}  - mkdir: /a\n`, 1, 'at', /not a date and time with its zone/, /at: 2027-01-31T02:00:00Z/],
  ['a duration that is none', `${HEAD}  - mkdir: /a\n    after: 5 parsecs\n`, 4, 'commands[0].after', /not a duration/, /after: 10s/],
  ['a publish of what comes later', `${HEAD}  - publish: [a]\n  - put: x\n    as: /x\n    id: a\n`, 3, 'commands[0].publish', /"a" is the id of no command before this one/, /publish: \[segments, playlist\]/],
  ['a condition on what is not there', `${HEAD}  - mkdir: /a\n    when: { completed: x }\n`, 4, 'commands[0].when', /"x" is the id of no command/, /completed: segments/],
  ['an id twice', `${HEAD}  - { mkdir: /a, id: x }\n  - { mkdir: /b, id: x }\n`, 4, 'commands[1].id', /of another command as well/, /id: segments/],
  ['a command that is repeated for ever', `${HEAD}  - mkdir: /a\n    every: 1s\n`, 4, 'commands[0].every', /the job could never end/, /every: 10s/],
  ['times without every', `times: 2\n${HEAD}  - mkdir: /a\n`, 1, 'times', /needs `every`/, /times: 7/],
  ['a setattr that changes nothing', `${HEAD}  - setattr: /a\n`, 3, 'commands[0]', /changes nothing/, /./],
  ['no YAML', 'to: [all\n', 2, '', /not YAML/, /mend the syntax/]
]

describe('a script', () => {
  for (const [name, text, line, key, what, remedy] of BAD) {
    it(`with ${name} is refused by line, key and remedy`, () => {
      let error: unknown
      try {
        parseScript('job.yaml', text)
      } catch (thrown) {
        error = thrown
      }
      expect(error).to.be.instanceOf(ConfigError)
      const { problems } = error as ConfigError
      expect(problems.map(problem => [problem.line, problem.key]), JSON.stringify(problems)).to.deep.equal([[line, key]])
      expect(problems[0]?.what).to.match(what)
      expect(problems[0]?.remedy).to.match(remedy)
    })
  }

  it('says what it says', () => {
    const { to, commands } = parseScript('job.yaml', `to: [region=eu, name=x]\nevery: 24h\ncommands:\n  - barrier: [1, 2]\n  - barrier: all\n  - { mkdir: /a, mode: '755', when: { completed: b, on: 2 }, id: c }\n`.replace('- barrier: [1, 2]', '- { barrier: [1, 2], id: b }'))
    expect(to).to.deep.equal(['region=eu', 'name=x'])
    expect(commands.map(({ barrier }) => barrier)).to.deep.equal([[1, 2], 'all', undefined])
  })
})
