// Theme, density and language on the html element; they follow the settings and the system.
import { chosenLanguage, setLanguage } from '../i18n/i18n.ts'
import { changeSettings, useEngineStore } from '../stores/engine-store.ts'

const darkSystem = '(prefers-color-scheme: dark)'

function apply() {
  const { settings } = useEngineStore.getState()
  const theme = settings?.theme ?? 'system'
  const dark = theme === 'dark' || (theme === 'system' && matchMedia(darkSystem).matches)
  const { dataset } = document.documentElement
  dataset.theme = dark ? 'dark' : 'light'
  dataset.density = settings?.density ?? 'comfortable'
  setLanguage(chosenLanguage(settings?.language ?? 'system', navigator.languages))
}

/** Applies the settings now and whenever they or the system change. */
export function startAppearance(): void {
  apply()
  matchMedia(darkSystem).addEventListener('change', apply)
  useEngineStore.subscribe((state, before) => {
    if (state.settings !== before.settings) apply()
  })
}

/** From light to dark and back, whatever the setting was. */
export function toggleTheme(): Promise<void> {
  return changeSettings({ theme: document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark' })
}
