import { ImageOff } from 'lucide-react'
import { useState } from 'react'
import type { PictureItem } from '../../../../src-main/shared/dataset-views.ts'
import type { ThumbnailSide } from '../../../../src-main/shared/worker-protocol.ts'
import { classNames } from '../../../ui/class-names.ts'
import styles from './pictures.module.css'

/** Where the host serves a picture of a data set; side 0 is the whole picture. */
export function pictureAddress(datasetId: string, picture: number, side: ThumbnailSide): string {
  return `/datasets/${encodeURIComponent(datasetId)}/pictures/${picture}?side=${side}`
}

/** Pictures smaller than their tile are drawn pixel by pixel, as the network sees them. */
export const isTiny = ({ width, height }: Pick<PictureItem, 'width' | 'height'>) => Math.max(width, height) <= 96

export interface PictureThumbnailProps {
  datasetId: string
  item: PictureItem
  side: ThumbnailSide
}

/** A picture at most `side` pixels long; one that cannot be read is a tile with the reason. */
export function PictureThumbnail({ datasetId, item, side }: PictureThumbnailProps) {
  const [failed, setFailed] = useState(false)
  if (item.problem !== null || failed) {
    return (
      <span className={styles.broken} title={item.problem ?? item.name}>
        <ImageOff size={18} aria-hidden />
        {item.problem !== null && <span className={styles.reason}>{item.problem}</span>}
      </span>
    )
  }
  return (
    <img
      className={classNames(styles.thumbnail, isTiny(item) && styles.pixelated)}
      src={pictureAddress(datasetId, item.picture, side)}
      alt=""
      draggable={false}
      decoding="async"
      onError={() => setFailed(true)}
    />
  )
}
