import { ArrowLeft, ArrowRight, Bell, ChevronRight, Search, Settings } from 'lucide-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { goBack, goForward, navigate, useLocation } from '../router/router.ts'
import type { Route } from '../router/routes.ts'
import { setPaletteOpen } from '../stores/ui-store.ts'
import { IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Kbd } from '../ui/kbd.tsx'
import { Popover } from '../ui/popover.tsx'
import { AlertList, useAlerts } from './alerts.tsx'
import { BrandMark } from './brand.tsx'
import { useCrumbs } from './crumbs.ts'
import { keysText } from './keys.ts'
import styles from './top-bar.module.css'

function Crumbs({ route }: { route: Route }) {
  const { t } = useTranslation('frame')
  const crumbs = useCrumbs(route)
  return (
    <nav className={styles.crumbs} aria-label={t('breadcrumb')}>
      {crumbs.map((crumb, index) => (
        <Fragment key={crumb.href ?? crumb.label}>
          {index > 0 && <ChevronRight size={13} aria-hidden />}
          {crumb.href && index < crumbs.length - 1 ? (
            <a href={crumb.href}>{crumb.label}</a>
          ) : (
            <span className={styles.here} aria-current="page">
              {crumb.label}
            </span>
          )}
        </Fragment>
      ))}
    </nav>
  )
}

function Alerts() {
  const { t } = useTranslation('frame')
  const { address } = useLocation()
  const alerts = useAlerts()
  return (
    <Popover
      key={address}
      align="end"
      title={t('alerts')}
      trigger={
        <IconButton
          label={t('alertCount', { count: alerts.length })}
          className={styles.alertButton}
          icon={
            <>
              <Bell size={16} />
              {alerts.length > 0 && <span className={styles.alertDot} />}
            </>
          }
        />
      }
    >
      <AlertList alerts={alerts} />
    </Popover>
  )
}

/** Back, forward, where you are, command field, alerts, settings. On desktop it is the title bar. */
export function TopBar({ route, narrow }: { route: Route; narrow: boolean }) {
  const { t } = useTranslation('frame')
  const { canGoBack, canGoForward } = useLocation()
  return (
    <header className={classNames(styles.bar, window.desktop && styles.desktop)}>
      <a href="/" className={classNames(styles.brand, narrow && styles.narrowBrand)} aria-label="Reprise">
        <BrandMark />
        {!narrow && 'Reprise'}
      </a>
      <IconButton
        size="small"
        label={t('back')}
        keys={keysText('Alt+ArrowLeft')}
        icon={<ArrowLeft size={16} />}
        disabled={!canGoBack}
        onClick={goBack}
      />
      <IconButton
        size="small"
        label={t('forward')}
        keys={keysText('Alt+ArrowRight')}
        icon={<ArrowRight size={16} />}
        disabled={!canGoForward}
        onClick={goForward}
      />
      <Crumbs route={route} />
      <button type="button" className={styles.command} onClick={() => setPaletteOpen(true)}>
        <Search size={14} aria-hidden />
        <span>{t('search')}</span>
        <Kbd>{keysText('Mod+K')}</Kbd>
      </button>
      <Alerts />
      <IconButton
        label={t('settings')}
        keys={keysText('Mod+,')}
        icon={<Settings size={16} />}
        onClick={() => navigate({ view: 'settings', section: 'appearance' })}
      />
    </header>
  )
}
