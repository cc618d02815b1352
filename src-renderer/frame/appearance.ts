// Theme, density and language on the html element; they follow the settings and the system.
import type { Settings } from '../../src-main/shared/api.ts'
import { chosenLanguage, setLanguage } from '../i18n/i18n.ts'
import { changeSettings, useEngineStore } from '../stores/engine-store.ts'

const darkSystem = '(prefers-color-scheme: dark)'

const storageKey = 'reprise.appearance'
type Appearance = Pick<Settings, 'theme' | 'density' | 'language'>
const asSystem: Appearance = { theme: 'system', density: 'comfortable', language: 'system' }

/** The settings of the last visit, so that the page does not flash before the engine tells them. */
function storedAppearance(): Appearance {
  try {
    return { ...asSystem, ...(JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Appearance>) }
  } catch {
    return asSystem
  }
}

function apply() {
  const { settings } = useEngineStore.getState()
  const { theme, density, language }: Appearance = settings ?? storedAppearance()
  if (settings) localStorage.setItem(storageKey, JSON.stringify({ theme, density, language }))
  const { dataset } = document.documentElement
  dataset.theme = theme === 'dark' || (theme === 'system' && matchMedia(darkSystem).matches) ? 'dark' : 'light'
  dataset.density = density
  setLanguage(chosenLanguage(language, navigator.languages))
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
