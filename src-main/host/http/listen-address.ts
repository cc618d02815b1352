// Where the host listens: the loopback, and with --listen one more address that other machines can reach.
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { RepriseError } from '../../shared/errors.ts'

export const loopback = '127.0.0.1'

const isWildcard = (address: string) => address === '0.0.0.0' || address === '::'

/** Whether only programs of this machine reach the address, also in the form that a socket for IPv4 and IPv6 gives. */
export function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '')
}

/** The address that --listen gives. Throws `usage` for a name, which may stand for several. */
export function readListenAddress(text: string): string {
  if (isIP(text) !== 0) return text
  throw new RepriseError({
    code: 'usage',
    message: '--listen takes an IP address of this machine.',
    expected: `one of ${machineAddresses().join(', ') || 'its addresses'}, or 0.0.0.0 for all of them`,
    found: text,
  })
}

/** The addresses to bind, the one that decides the port first. */
export function boundAddresses(listen: string | null): [string, ...string[]] {
  if (listen === null || listen === loopback) return [loopback]
  return isWildcard(listen) ? [listen] : [loopback, listen]
}

/** Addresses under which other machines reach this one. */
function machineAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address)
}

/** Addresses under which other machines reach a host that listens so; none without --listen. */
export function openAddresses(listen: string | null): string[] {
  if (listen === null || isLoopback(listen)) return []
  return isWildcard(listen) ? machineAddresses() : [listen]
}

const inUrl = (address: string) => (isIP(address) === 6 ? `[${address}]` : address)

/** `Host` values of a server on `port`: its own addresses, and this machine's name where others reach it. */
export function ownHosts(port: number, listen: string | null): string[] {
  const open = openAddresses(listen)
  const names = [loopback, 'localhost', ...open.map(inUrl), ...(open.length > 0 ? [hostname().toLowerCase()] : [])]
  if (listen !== null && isLoopback(listen)) names.push(inUrl(listen))
  // Browsers leave out the port that is usual for http.
  return names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
}

/** The address to open from another machine, without a token. */
export function openOrigin(port: number, listen: string | null): string | null {
  const [address] = openAddresses(listen)
  return address === undefined ? null : `http://${inUrl(address)}:${port}`
}

/** What a user has to know who lets other machines in. */
export function openWarning(port: number): string {
  return `Other machines can reach this address. Nothing on the way is encrypted: whoever reads the traffic can take the token over. Safer is to leave --listen out and to run "ssh -L ${port}:127.0.0.1:${port} USER@${hostname()}" on the other machine.`
}
