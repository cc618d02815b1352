// Reaches a host: the one that already runs on the data folder, else one of our own.
import { dataFolder } from '../launch/data-folder.ts'
import { readHostAddress } from '../launch/host-address.ts'
import { type SpawnedHost, spawnHost } from '../launch/spawn-host.ts'
import { RepriseError } from '../shared/errors.ts'
import { hostEnvironment } from './host-environment.ts'
import type { ReachedHost } from './host-supervisor.ts'

export interface ReachHostOptions {
  appDir: string
  uiDir: string
  port: number | undefined
}

/** How long a host of our own may take to save and end before it is killed. */
const endsWithinMs = 15_000
const lookEveryMs = 500

/** Throws what a host says of a failed start; see `spawnHost`. */
export async function reachHost(options: ReachHostOptions): Promise<ReachedHost> {
  const running = runningHost()
  if (running) return running
  const start = (port: number | undefined) =>
    spawnHost({ appDir: options.appDir, uiDir: options.uiDir, port, attached: true, env: hostEnvironment(process.env) })
  try {
    return ownHost(await start(options.port))
  } catch (error) {
    const code = error instanceof RepriseError ? error.code : undefined
    // Another process started a host on this data folder at the same moment.
    const other = code === 'second-instance' ? runningHost() : null
    if (other) return other
    // Somebody took the port while no host held it: pages then load from the new one.
    if (code === 'port-in-use' && options.port !== undefined) return ownHost(await start(undefined))
    throw error
  }
}

const origin = (port: number) => `http://127.0.0.1:${port}/`

function ownHost({ address, process: child, ended, stop }: SpawnedHost): ReachedHost {
  return {
    url: origin(address.port),
    port: address.port,
    token: address.token,
    pid: address.pid,
    own: true,
    gone: ended.then((code) => (code === null ? `signal ${child.signalCode}` : `exit code ${code}`)),
    async release({ leaveRunning }) {
      if (leaveRunning) {
        // The end of stdin tells the host that the window is gone; it goes on until its run has ended.
        child.stdin?.destroy()
        child.unref()
        return
      }
      const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs)
      await stop()
      clearTimeout(timer)
    },
  }
}

function runningHost(): ReachedHost | null {
  const address = readHostAddress(dataFolder())
  if (!address) return null
  let timer: NodeJS.Timeout | undefined
  const gone = new Promise<string>((resolve) => {
    timer = setInterval(() => {
      if (readHostAddress(dataFolder())?.pid === address.pid) return
      clearInterval(timer)
      resolve('it had finished its work in the background')
    }, lookEveryMs)
  })
  const { port, token, pid } = address
  return { url: origin(port), port, token, pid, own: false, gone, release: async () => clearInterval(timer) }
}
