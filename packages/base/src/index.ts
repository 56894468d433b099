export * from './base.ts'
export * from './evidence.ts'
export * from './invitation.ts'
export * from './registry.ts'
