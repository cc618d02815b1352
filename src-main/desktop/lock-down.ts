// What no page may do, whatever it contains. The content security policy comes from the host with every page.
import { app, type Session, shell, type WebContents } from 'electron'

/** Denies permissions and devices to every page of `session`. */
export function lockDownSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(allowedPermission(permission)))
  session.setPermissionCheckHandler((_contents, permission) => allowedPermission(permission))
  session.setDevicePermissionHandler(() => false)
}

// Copying a figure or a command is all that pages need.
const allowedPermission = (permission: string) => permission === 'clipboard-sanitized-write'

/**
 * Keeps every page at the app's own address: no other page, no new window, no webview. A link to an https address opens
 * in the system's browser instead.
 * @param isOwnPage whether a page may be shown inside the app
 * @param onShellLink called for links of the shell's own pages (`reprise:` addresses)
 */
export function lockDownPages(isOwnPage: (url: string) => boolean, onShellLink: (action: string) => void): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    const decide = (event: { preventDefault(): void }, url: string) => {
      if (isOwnPage(url)) return
      event.preventDefault()
      if (url.startsWith('reprise:') && !isOwnPage(contents.getURL())) onShellLink(url.slice('reprise:'.length))
    }
    contents.on('will-navigate', decide)
    contents.on('will-redirect', decide)
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (url.startsWith('https://')) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
}
