import { useTranslation } from 'react-i18next'
import styles from './layout-drawing.module.css'

/** A line of a drawn folder tree: how deep it lies, what it is, its name. */
type TreeLine = readonly [depth: number, kind: 'folder' | 'picture' | 'list' | 'line' | 'archive', name: string]

/** The layouts that are recognised, as their folders look. Names of files are the same in every language. */
const layouts = {
  classFolders: [
    [0, 'folder', 'pets'],
    [1, 'folder', 'cat'],
    [2, 'picture', '001.jpg'],
    [2, 'picture', '002.jpg'],
    [1, 'folder', 'dog'],
    [2, 'picture', '001.jpg'],
  ],
  partFolders: [
    [0, 'folder', 'pets'],
    [1, 'folder', 'train'],
    [2, 'folder', 'cat'],
    [2, 'folder', 'dog'],
    [1, 'folder', 'test'],
    [2, 'folder', 'cat …'],
  ],
  listFile: [
    [0, 'folder', 'pets'],
    [1, 'list', 'labels.csv'],
    [1, 'line', 'path,label'],
    [1, 'line', 'a.jpg,cat'],
    [1, 'folder', 'images'],
    [2, 'picture', 'a.jpg'],
  ],
  archive: [
    [0, 'archive', 'pets.zip'],
    [1, 'folder', 'cat …'],
    [0, 'archive', 'train-000.tar'],
    [0, 'archive', 'train.tfrecord'],
    [0, 'archive', 'data.parquet'],
    [0, 'archive', 'cifar-10.tar.gz'],
  ],
} as const satisfies Record<string, readonly TreeLine[]>

const rowHeight = 17
const indent = 13

function Glyph({ kind, x, y }: { kind: TreeLine[1]; x: number; y: number }) {
  switch (kind) {
    case 'folder':
      return <path className={styles.folder} d={`M${x} ${y - 8}h4l1.5 1.5h5.5v7h-11z`} />
    case 'picture':
      return <path className={styles.file} d={`M${x} ${y - 8}h10v8.5h-10zM${x + 1} ${y - 1}l3-4 2.5 3 1.5-1.5 2 2.5`} />
    case 'list':
      return <path className={styles.file} d={`M${x + 1} ${y - 9}h8v10h-8zM${x + 3} ${y - 6}h4M${x + 3} ${y - 3}h4`} />
    case 'line':
      return null
    case 'archive':
      return <path className={styles.archive} d={`M${x} ${y - 8}h10v9h-10zM${x} ${y - 5}h10M${x + 4} ${y - 3}h2`} />
  }
}

function Tree({ lines }: { lines: readonly TreeLine[] }) {
  return (
    <svg viewBox={`0 0 132 ${lines.length * rowHeight + 4}`} className={styles.tree} aria-hidden>
      {lines.map(([depth, kind, name], index) => {
        const x = 1 + depth * indent
        const y = (index + 1) * rowHeight - 4
        return (
          <g key={y}>
            {depth > 0 && kind !== 'line' && <path className={styles.branch} d={`M${x - 8} ${y - 10}v6h6`} />}
            <Glyph kind={kind} x={x} y={y} />
            <text x={x + 15} y={y} className={styles.text}>
              {name}
            </text>
          </g>
        )
      })}
    </svg>
  )
}

/** The layouts that a folder, list or archive may have, drawn. */
export function LayoutDrawing() {
  const { t } = useTranslation('datasets')
  return (
    <div className={styles.layouts}>
      {(Object.keys(layouts) as (keyof typeof layouts)[]).map((id) => (
        <figure key={id} className={styles.layout}>
          <figcaption>
            <b>{t(`layouts.${id}.title`)}</b>
            <span>{t(`layouts.${id}.text`)}</span>
          </figcaption>
          <Tree lines={layouts[id]} />
        </figure>
      ))}
    </div>
  )
}
