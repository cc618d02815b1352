// Figures as the interface writes them: percent with two decimals, two largest units of time, binary sizes as GB.

/** A fraction of 1 as percent: `98.92 %`; an en dash when there is none. */
export const percent = (fraction: number | null | undefined) =>
  fraction === null || fraction === undefined ? '–' : `${(fraction * 100).toFixed(2)} %`

/** The two largest units of a time: `48 s`, `2 min 10 s`, `1 h 37 min`, `4 d 3 h`; an en dash when there is none. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '–'
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const [big, small, bigUnit, smallUnit] =
    whole < 3600
      ? [Math.floor(whole / 60), whole % 60, 'min', 's']
      : whole < 48 * 3600
        ? [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), 'h', 'min']
        : [Math.floor(whole / 86_400), Math.floor((whole % 86_400) / 3600), 'd', 'h']
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}

/** A size with one decimal: `11.0 MB`, `3.1 GB`. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let value = bytes
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return unit === 0 ? `${bytes} B` : `${value.toFixed(1)} ${units[unit]}`
}

/** A count with grouped digits: `60,000`. */
export const count = (value: number) => value.toLocaleString('en-US')
