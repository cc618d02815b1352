// How the page proves to the host that it was opened by its owner: a token in the address is traded for a cookie.

/** Takes the token out of the address (`/#TOKEN`), so that it is in no history and no bookmark. */
export function takeTokenFromAddress(): string | null {
  const token = decodeURIComponent(location.hash.slice(1))
  if (token === '') return null
  history.replaceState(history.state, '', location.pathname + location.search)
  return token
}

/** Trades the token for the session cookie. False when the host does not know the token. Rejects when no host answers. */
export async function openSession(token: string): Promise<boolean> {
  const response = await fetch('/session', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  return response.ok
}
