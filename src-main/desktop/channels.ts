// Names of the messages between preload and main.
export type InvokeChannel =
  | 'session-token'
  | 'pick-folder'
  | 'pick-file'
  | 'reveal-file'
  | 'notify'
  | 'set-progress'
  | 'host-state'
  | 'restart-host'

export type EventChannel = 'host-state-changed' | 'menu-command' | 'open-path'
