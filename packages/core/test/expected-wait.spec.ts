import { expect } from 'chai'
import { ABSENCES_COUNTED, expectedWait, USUAL_ABSENCE_MS } from '../src/index.ts'

describe('expected wait', () => {
  for (const { name, absences, awayMs, ms, because } of [
    { name: 'the usual time without a history', absences: [], awayMs: 0, ms: USUAL_ABSENCE_MS, because: /never away before, so/ },
    { name: 'what is left of it', absences: [], awayMs: 60_000, ms: USUAL_ABSENCE_MS - 60_000, because: /never away/ },
    { name: 'as long again where that is over', absences: [], awayMs: USUAL_ABSENCE_MS + 5, ms: USUAL_ABSENCE_MS + 5, because: /as long again/ },
    { name: 'the middle of its absences', absences: [10_000, 90_000, 30_000], awayMs: 0, ms: 30_000, because: /last 3 absences/ },
    { name: 'only those that took longer than this one', absences: [10_000, 90_000, 30_000], awayMs: 20_000, ms: 70_000, because: /last 3/ },
    { name: 'as long again where none did', absences: [10_000], awayMs: 20_000, ms: 20_000, because: /longer than any/ },
    { name: 'the latest only', absences: [...Array(50).fill(5), ...Array(ABSENCES_COUNTED).fill(1_000)], awayMs: 0, ms: 1_000, because: /last 16/ }
  ]) {
    it(`is ${name}`, () => {
      const expected = expectedWait(absences, awayMs)
      expect(expected.ms).to.equal(ms)
      expect(expected.because).to.match(because)
    })
  }
})
