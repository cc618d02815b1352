import { useTranslation } from 'react-i18next'
import type { MachineInfo } from '../../../src-main/shared/api.ts'
import { BrandMark } from '../../frame/brand.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { missing } from '../../i18n/numbers.ts'
import { Note } from '../../ui/note.tsx'
import { KeyValues } from '../../ui/panel.tsx'
import { HeadCell, Table } from '../../ui/table.tsx'
import styles from './settings.module.css'

/** Every request that left this machine since the start, the newest on top. */
export function NetworkSection({ machine }: { machine: MachineInfo }) {
  const { t } = useTranslation('settings')
  const numbers = useNumbers()
  const { networkRequests } = machine
  return (
    <div className={styles.section}>
      <p>{t('networkIntro')}</p>
      {machine.openTo && (
        <Note tone="warn" title={t('openTitle')}>
          {t('openText', { address: machine.openTo })}
        </Note>
      )}
      {networkRequests.length === 0 ? (
        <p className={styles.hint}>{t('networkNone')}</p>
      ) : (
        <Table dense>
          <thead>
            <tr>
              <HeadCell width={120}>{t('when')}</HeadCell>
              <HeadCell>{t('what')}</HeadCell>
            </tr>
          </thead>
          <tbody>
            {[...networkRequests].reverse().map(({ at, what }) => (
              <tr key={`${at} ${what}`}>
                <td>{numbers.clock(at)}</td>
                <td>{what}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  )
}

/** Name, versions, licence. */
export function AboutSection({ machine }: { machine: MachineInfo }) {
  const { t } = useTranslation('settings')
  const { versions } = machine
  return (
    <div className={styles.section}>
      <div className={styles.brand}>
        <BrandMark size={40} />
        <div>
          <div className={styles.version}>Reprise {versions.reprise}</div>
          <div>{t('aboutText')}</div>
        </div>
      </div>
      <KeyValues
        entries={[
          [t('versions.tensorflow'), versions.tensorflow ?? missing],
          [t('versions.node'), versions.node],
          [t('licence'), t('licenceText')],
        ]}
      />
    </div>
  )
}
