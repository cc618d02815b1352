// The parts of the system that tell of work in the background, as Electron gives them.
import { BrowserWindow, Notification, powerSaveBlocker } from 'electron'

/** Progress on the taskbar, 0..1, of every window; null takes it away. */
export function showProgress(fraction: number | null): void {
  for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(fraction ?? -1)
}

/** Whether a window of the app is before the user; one that is hidden may keep the focus. */
export function isLookedAt(): boolean {
  const window = BrowserWindow.getFocusedWindow()
  return window?.isVisible() === true && !window.isMinimized()
}

/** Keeps the machine from going to sleep while it is on; the screen may go dark. */
export function createAwakeSwitch(): (on: boolean) => void {
  let blocker: number | null = null
  return (on) => {
    if (on === (blocker !== null)) return
    if (blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
    else {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }
}

// One that nobody holds may be collected before it is clicked.
const shown = new Set<Notification>()

export function showNotification(title: string, body: string, onClick: () => void): void {
  const notification = new Notification({ title, body })
  const forget = () => shown.delete(notification)
  shown.add(notification)
  notification.on('click', () => {
    forget()
    onClick()
  })
  notification.on('close', forget)
  notification.on('failed', forget)
  notification.show()
}
