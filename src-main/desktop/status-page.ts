// The small page a window shows while no host answers. It has no script: its buttons are `reprise:` links.
import type { HostState } from '../shared/desktop-bridge.ts'
import type { ShellWords } from './words.ts'

const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll('\n', '<br>')

const style = `
  :root { color-scheme: light dark; --bg: #f5f5f2; --ink: #1a1a17; --ink-2: #55544e; --edge: #8f8e87; }
  @media (prefers-color-scheme: dark) { :root { --bg: #161614; --ink: #f1f0ea; --ink-2: #b4b3aa; --edge: #7d7c75; } }
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; background: var(--bg); color: var(--ink);
    font: 13px/20px 'Inter Variable', Inter, system-ui, 'Noto Sans CJK SC', sans-serif; }
  main { width: 520px; }
  h1 { font-size: 20px; line-height: 28px; font-weight: 600; margin: 0 0 8px; }
  p { margin: 0 0 8px; color: var(--ink-2); overflow-wrap: anywhere; }
  p.what, p.fix { color: var(--ink); }
  dt { float: left; clear: left; margin-right: 8px; color: var(--ink-2); } dd { margin: 0 0 4px; overflow-wrap: anywhere; }
  nav { margin-top: 20px; display: flex; gap: 8px; }
  a { color: var(--ink); text-decoration: none; border: 1px solid var(--edge); border-radius: 5px; padding: 4px 12px; }
  a.primary { background: #ffdf3d; border-color: #ffdf3d; color: #1a1a17; font-weight: 500; }
  a:focus-visible { outline: 2px solid var(--ink); outline-offset: 1px; }
`

/** HTML of the page for a state in which no host answers. */
export function statusPage(state: Exclude<HostState, { status: 'ready' }>, words: ShellWords): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"
    content="default-src 'none'; style-src 'unsafe-inline'"><title>Reprise</title><style>${style}</style>
    <main aria-live="polite">${state.status === 'starting' ? startingBody(state.attempt, words) : failedBody(state, words)}</main>`
}

function startingBody(attempt: number, words: ShellWords): string {
  const heading = attempt === 0 ? words.starting : words.startingAgain(attempt)
  return `<h1>${escaped(heading)}</h1><p>${escaped(words.startingHint)}</p>`
}

function failedBody({ error }: Extract<HostState, { status: 'failed' }>, words: ShellWords): string {
  const line = (name: string, value: string | undefined) =>
    value === undefined ? '' : `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`
  return `<h1>${escaped(words.failed)}</h1><p class="what">${escaped(error.message)}</p>
    <dl>${line(words.expected, error.expected)}${line(words.found, error.found)}</dl>
    ${error.fix === undefined ? '' : `<p class="fix">${escaped(error.fix)}</p>`}<p>${escaped(words.safe)}</p>
    <nav><a class="primary" href="reprise:start-again">${escaped(words.startAgain)}</a>
    <a href="reprise:quit">${escaped(words.quit)}</a></nav>`
}

/** The page as an address that a window can load without a file. */
export function statusPageUrl(state: Exclude<HostState, { status: 'ready' }>, words: ShellWords): string {
  return `data:text/html;charset=utf-8,${encodeURIComponent(statusPage(state, words))}`
}
