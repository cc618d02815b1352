import { useEffect } from 'react'
import { addDataset } from '../features/datasets/dataset-actions.ts'

/** On desktop a folder or file dropped anywhere on the window becomes a data set. A page in a browser learns no paths. */
export function useFolderDrop(): void {
  useEffect(() => {
    const { desktop } = window
    if (!desktop) return
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onDragOver = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault()
    }
    const onDrop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0]
      if (!carriesFiles(event) || !file) return
      event.preventDefault()
      void addDataset({ path: desktop.pathOf(file) })
    }
    window.addEventListener('dragover', onDragOver)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onDragOver)
      window.removeEventListener('drop', onDrop)
    }
  }, [])
}
