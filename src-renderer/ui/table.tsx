import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './table.module.css'

export interface TableProps extends ComponentProps<'table'> {
  /** Rows of 30 px and 12 px type. */
  dense?: boolean
  /** Edge padding of a full-width table. */
  wide?: boolean
  stickyHead?: boolean
  /** Leaves out the line under the last row, for tables that close a panel. */
  openEnd?: boolean
}

/** A table; rows and cells are plain elements with the parts below. */
export function Table({ dense, wide, stickyHead, openEnd, className, ...rest }: TableProps) {
  return (
    <table
      {...rest}
      className={classNames(
        styles.table,
        dense && styles.dense,
        wide && styles.wide,
        stickyHead && styles.sticky,
        openEnd && styles.last,
        className,
      )}
    />
  )
}

/** A cell of figures: right-aligned, tabular, never broken. `raw` is what copying gives, when that differs. */
export function NumberCell({ raw, className, ...rest }: ComponentProps<'td'> & { raw?: string }) {
  return <td {...rest} data-raw={raw} className={classNames(styles.number, className)} />
}

export interface HeadCellProps {
  children?: ReactNode
  number?: boolean
  width?: number | string
  /** Present for sortable columns: the present order, or null. */
  sorted?: 'asc' | 'desc' | null
  onSort?: () => void
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const

/** A column head; sortable when `onSort` is given. */
export function HeadCell({ children, number, width, sorted, onSort }: HeadCellProps) {
  return (
    <th
      scope="col"
      className={classNames(number && styles.number)}
      style={width === undefined ? undefined : { width }}
      aria-sort={onSort && sorted ? ariaSort[sorted] : undefined}
    >
      {onSort ? (
        <button type="button" className={styles.sort} onClick={onSort}>
          {children}
          {sorted === 'asc' && <ArrowUp size={11} aria-hidden />}
          {sorted === 'desc' && <ArrowDown size={11} aria-hidden />}
        </button>
      ) : (
        children
      )}
    </th>
  )
}

/** A line that heads a group of rows. */
export function GroupRow({ children, columns }: { children: ReactNode; columns: number }) {
  return (
    <tr className={styles.group}>
      <td colSpan={columns}>{children}</td>
    </tr>
  )
}
