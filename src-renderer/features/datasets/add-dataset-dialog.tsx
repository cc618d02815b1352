import { ChevronDown, ChevronUp, FileArchive, Folder, FolderOpen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AddDatasetInput } from '../../../src-main/shared/dataset-views.ts'
import { type BoxRule, boxRules } from '../../../src-main/shared/registry/readers.ts'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { type AddDatasetStart, closeAddDataset, useUiStore } from '../../stores/ui-store.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { addDataset } from './dataset-actions.ts'
import styles from './datasets.module.css'
import { FolderBrowser } from './folder-browser.tsx'
import { LayoutDrawing } from './layout-drawing.tsx'
import { SourceLookCard } from './source-look-card.tsx'
import { useSourceLook } from './use-source-look.ts'

/** Chooses a folder or file, says what it is, and adds it as a data set. */
export function AddDatasetDialog() {
  const { t } = useTranslation('datasets')
  const start = useUiStore((state) => state.addDataset)
  const as = start?.as
  return (
    <Dialog
      open={start !== null}
      onClose={closeAddDataset}
      title={as ? t('addCopyTitle', { name: as.label }) : t('addTitle')}
      text={t(as ? 'addCopyText' : 'addText')}
      wide
    >
      {start && <AddDatasetForm key={start.path ?? ''} start={start} />}
    </Dialog>
  )
}

/** Settings that few data sets need. */
interface Options {
  boxRule: BoxRule
  skip: boolean
  fit: number
}

function AddDatasetForm({ start }: { start: AddDatasetStart }) {
  const { t } = useTranslation(['datasets', 'sharedWords'])
  const [path, setPath] = useState(start.path ?? '')
  const [browsing, setBrowsing] = useState(false)
  const [options, setOptions] = useState<Options>({ boxRule: 'single', skip: false, fit: 0 })
  const [busy, setBusy] = useState(false)
  const { look, error, looking } = useSourceLook(path.trim(), options.boxRule)
  const { desktop } = window

  const pick = async (kind: 'folder' | 'file') => {
    const picked = await (kind === 'folder' ? desktop?.pickFolder() : desktop?.pickFile())
    if (picked) setPath(picked)
  }
  const add = async () => {
    if (!look || busy) return
    setBusy(true)
    const input: AddDatasetInput = {
      path: look.path,
      brokenPictures: options.skip ? 'skip' : 'refuse',
      ...(start.as && { id: start.as.id }),
      ...(look.needsBoxRule && { boxRule: options.boxRule }),
      ...(look.storage === 'files' && options.fit > 0 && { fit: options.fit }),
    }
    const added = await addDataset(input)
    setBusy(false)
    if (added) closeAddDataset()
  }

  return (
    <>
      {start.pathUnknown && path === '' && (
        <Note tone="info" title={t('datasets:dropUnknown')}>
          {t('datasets:dropUnknownText')}
        </Note>
      )}
      <div className={styles.pathRow}>
        <TextField
          aria-label={t('datasets:path')}
          placeholder={t('datasets:pathPlaceholder')}
          value={path}
          autoFocus
          onChange={setPath}
          onKeyDown={(event) => event.key === 'Enter' && void add()}
        />
        {desktop ? (
          <>
            <Button icon={<Folder size={14} />} onClick={() => void pick('folder')}>
              {t('datasets:pickFolder')}
            </Button>
            <Button icon={<FileArchive size={14} />} onClick={() => void pick('file')}>
              {t('datasets:pickFile')}
            </Button>
          </>
        ) : (
          <Button icon={<FolderOpen size={14} />} aria-expanded={browsing} onClick={() => setBrowsing(!browsing)}>
            {t('datasets:browse')}
          </Button>
        )}
      </div>
      {browsing && <FolderBrowser path={path} onPick={setPath} />}
      <div className={styles.lookArea} aria-live="polite" aria-busy={looking}>
        {look && <SourceLookCard look={look} looking={looking} />}
        {!look && looking && <p className={styles.text}>{t('datasets:looking')}</p>}
        {error && !looking && <ErrorReportBanner report={error} inline />}
      </div>
      {!look && !browsing && <LayoutDrawing />}
      {look && <AddOptions options={options} onChange={setOptions} look={look} />}
      <div className={styles.dialogFoot}>
        <span className={styles.text}>{t('datasets:nothingCopied')}</span>
        <Button variant="ghost" keys="Esc" onClick={closeAddDataset}>
          {t('sharedWords:cancel')}
        </Button>
        <Button variant="primary" disabled={!look || looking} busy={busy} onClick={() => void add()}>
          {t('datasets:addThis')}
        </Button>
      </div>
    </>
  )
}

interface AddOptionsProps {
  options: Options
  onChange: (options: Options) => void
  look: { needsBoxRule: boolean; storage: 'files' | 'pixels' }
}

function AddOptions({ options, onChange, look }: AddOptionsProps) {
  const { t } = useTranslation('datasets')
  const [open, setOpen] = useState(false)
  const set = (change: Partial<Options>) => onChange({ ...options, ...change })
  return (
    <>
      {look.needsBoxRule && (
        <Field label={t('boxRule')} hint={t(`boxRules.${options.boxRule}.hint`)}>
          {(control) => (
            <Select
              {...control}
              value={options.boxRule}
              options={boxRules.map((value) => ({ value, label: t(`boxRules.${value}.label`) }))}
              onChange={(boxRule) => set({ boxRule })}
            />
          )}
        </Field>
      )}
      <div>
        <Button
          variant="ghost"
          size="small"
          icon={open ? <ChevronUp size={14} /> : <ChevronDown size={14} />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t('moreOptions')}
        </Button>
      </div>
      {open && (
        <div className={styles.options}>
          {look.storage === 'files' && (
            <Field label={t('fit')} hint={options.fit > 0 ? t('fitHint', { side: options.fit }) : t('fitNone')}>
              {(control) => (
                <NumberField
                  {...control}
                  value={options.fit}
                  min={0}
                  max={512}
                  integer
                  unit="px"
                  step={{ add: 8 }}
                  onChange={(fit) => fit !== null && set({ fit })}
                />
              )}
            </Field>
          )}
          {(look.storage === 'pixels' || options.fit > 0) && (
            <div className={styles.option}>
              <Checkbox checked={options.skip} onChange={(skip) => set({ skip })}>
                {t('skipBroken')}
              </Checkbox>
              <span className={styles.optionHint}>{t('skipBrokenHint')}</span>
            </div>
          )}
        </div>
      )}
    </>
  )
}
