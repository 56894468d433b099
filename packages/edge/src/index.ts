export * from './edge.ts'
export * from './medium.ts'
export * from './signed-url.ts'
export * from './uplink-share.ts'
