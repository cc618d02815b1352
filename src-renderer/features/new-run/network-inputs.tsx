import { Eye, EyeOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Recipe } from '../../../src-main/shared/recipe.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { setChoice, useChoice } from '../../stores/ui-store.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { InputsPreview } from '../inputs-preview/inputs-preview.tsx'
import type { Changes } from './draft.ts'

/** "What the network sees", made with the settings of the form. Made only while it is open, as decoding takes time. */
export function NetworkInputs(props: { recipe: Recipe; changes: Changes; datasetId: string }) {
  const { recipe, changes, datasetId } = props
  const { t } = useTranslation('inputs')
  const open = useChoice<'open' | 'closed'>('network-inputs', 'closed') === 'open'
  const isReady = useEngineStore(({ datasets }) =>
    (datasets ?? []).some(({ id, status }) => id === datasetId && status === 'ready'),
  )
  return (
    <Panel
      title={t('title')}
      actions={
        isReady && (
          <Button
            size="small"
            icon={open ? <EyeOff size={14} /> : <Eye size={14} />}
            aria-expanded={open}
            onClick={() => setChoice('network-inputs', open ? 'closed' : 'open')}
          >
            {t(open ? 'hide' : 'show')}
          </Button>
        )
      }
    >
      {open && isReady ? (
        <InputsPreview recipeId={recipe.id} changes={changes} datasetId={datasetId} />
      ) : (
        t(isReady ? 'hint' : 'needsData')
      )}
    </Panel>
  )
}
