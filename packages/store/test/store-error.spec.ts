import { join } from 'node:path'
import { expect } from 'chai'
import { StoreError, storeError } from '../src/store-error.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('StoreError', () => {
  const root = temporaryFolder()

  it('says of a system call what failed, where, and what to do', () => {
    const codes = { ENOSPC: 'no-space', EDQUOT: 'no-space', EROFS: 'read-only', EACCES: 'forbidden', EIO: 'disk-error', EISDIR: 'obstructed', ELOOP: 'unsafe-path', EWHATEVER: 'disk-error' }
    for (const [errno, code] of Object.entries(codes)) {
      const error = storeError(Object.assign(new Error('it failed'), { code: errno }), 'write', '/media/x', '/media')
      expect(error).to.include({ code, path: '/media/x' })
      expect(error.message).to.match(/^cannot write at \/media\/x: .+/)
    }
  })

  it('tells a lost file from a lost disk, and leaves its own kind alone', () => {
    const missing = Object.assign(new Error('gone'), { code: 'ENOENT' })
    expect(storeError(missing, 'read', join(root(), 'x'), root()).code).to.equal('vanished')
    expect(storeError(missing, 'read', join(root(), 'none', 'x'), join(root(), 'none')).code).to.equal('root-missing')
    const own = new StoreError('busy', '/media', 'busy')
    expect(storeError(own, 'read', '/x', '/x')).to.equal(own)
  })
})
