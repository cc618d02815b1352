import { RepriseError } from '../../src-main/shared/errors.ts'
import type { EngineClient } from './engine-client.ts'

let current: EngineClient | null = null

/** Makes a client the one that stores and screens speak through. */
export function setEngineClient(client: EngineClient): void {
  current = client
}

/** The client of this page. Throws `setup-incomplete` before the session is open. */
export function engineClient(): EngineClient {
  if (current) return current
  throw new RepriseError({ code: 'setup-incomplete', message: 'The page is not connected to the engine yet.' })
}
