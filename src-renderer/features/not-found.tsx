import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page, PageBody } from '../ui/panel.tsx'
import styles from './not-found.module.css'

/** An address that no view has. */
export function NotFound({ path }: { path: string }) {
  const { t } = useTranslation('frame')
  return (
    <Page>
      <PageBody className={styles.body}>
        <EmptyState title={t('notFoundTitle', { path })} actions={<ButtonLink href="/">{t('goHome')}</ButtonLink>}>
          {t('notFoundText')}
        </EmptyState>
      </PageBody>
    </Page>
  )
}
