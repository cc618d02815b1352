import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './styles/tokens.css'
import './styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { openConnection } from './client/open-connection.ts'
import { startVisitClock } from './features/home/last-visit.ts'
import { startAppearance } from './frame/appearance.ts'
import { chosenLanguage, startTranslations } from './i18n/i18n.ts'
import { startRouter } from './router/router.ts'

const root = document.getElementById('root')
if (root) {
  startTranslations(chosenLanguage('system', navigator.languages))
  startAppearance()
  startVisitClock()
  void openConnection()
  startRouter()
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
