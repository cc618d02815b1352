// Names of the messages between preload and main.
export type InvokeChannel = 'open-session' | 'pick-folder' | 'pick-file' | 'reveal-file' | 'host-state' | 'restart-host'

export type EventChannel = 'host-state-changed' | 'menu-command' | 'open-path'
