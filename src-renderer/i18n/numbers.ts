// Every figure on screen is written here (accuracies, differences, losses, times, sizes), so that a rule has one place.
// Pure: takes the language, touches no page. A no-break space stands before units.

export type Language = 'en' | 'zh'

const nbsp = '\u00a0'
const minus = '−'
/** What stands where a figure is missing; never 0, never N/A. */
export const missing = '–'

const locales = { en: 'en-GB', zh: 'zh-CN' } as const

const timeUnits = {
  en: { day: 'd', hour: 'h', minute: 'min', second: 's', gap: nbsp, about: `about${nbsp}` },
  zh: { day: '天', hour: '小时', minute: '分', second: '秒', gap: nbsp, about: `约${nbsp}` },
} as const

type Figure = number | null | undefined

const isMissing = (value: Figure): value is null | undefined =>
  value === null || value === undefined || !Number.isFinite(value)

function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? `${minus}${text}` : text
}

/** Exponent without padding: 7.1e-4. */
function scientific(value: number, digits: number): string {
  return value
    .toExponential(digits - 1)
    .replace('e+', 'e')
    .replace('-', value < 0 ? minus : '-')
}

/** Writers of figures in one language. Accuracies come as fractions of 1, times in seconds, sizes in bytes. */
export interface Numbers {
  language: Language
  /** 93.03 % */
  percent(fraction: Figure, decimals?: number): string
  /** 93.03, where the unit stands in the head. */
  percentValue(fraction: Figure, decimals?: number): string
  /** 93.07 ± 0.14 %; without spread 93.07 %. */
  meanStd(mean: Figure, std: Figure, decimals?: number): string
  /** ± 0.30, in percentage points; the unit stands nearby. */
  tolerance(fraction: Figure, decimals?: number): string
  /** −0.62 pp */
  difference(fraction: Figure, decimals?: number): string
  /** 0.2613, 7.1e-4 */
  loss(value: Figure): string
  /** As recipes write it: 0.1, 1e-4 */
  rate(value: Figure): string
  /** 64,000 */
  count(value: Figure): string
  /** 0.85 M, 118 M; below a million grouped. */
  countShort(value: Figure): string
  /** 1 h 37 min; two largest units. `about` for estimates. */
  duration(seconds: Figure, options?: { about?: boolean }): string
  /** 1,412, four digits; the unit stands in the words. */
  speed(perSecond: Figure): string
  /** 4.6 ms */
  milliseconds(seconds: Figure): string
  /** 3.1 GB; binary sizes, labelled as systems do. */
  bytes(value: Figure): string
  /** 3.1 of 12.0 GB */
  bytesOf(value: Figure, total: Figure): string
  /** 64 %, for progress. */
  progress(fraction: Figure): string
  /** 99.6 %, never 100.0 unless exact. */
  confidence(fraction: Figure): string
  /** Up to 24 h ago in words, then weekday and time, then the date. */
  when(time: Figure, now?: number): string
  /** 16:02, with the weekday when that is another day, or the date. */
  clock(time: Figure, now?: number): string
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const

function byteScale(value: number): { divisor: number; unit: string; decimals: number } {
  let index = 0
  while (index < byteUnits.length - 1 && value >= 1024 ** (index + 1)) index += 1
  // Megabytes and below are not worth a decimal.
  const decimals = index >= 3 ? 1 : 0
  return { divisor: 1024 ** index, unit: byteUnits[index] ?? 'B', decimals }
}

function writers(language: Language): Numbers {
  const locale = locales[language]
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const hourMinute = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false })
  const weekday = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const dateYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
  const unit = timeUnits[language]

  /** The weekday within six days, then the date, with the year when that is another one. */
  const day = (time: number, now: number) => {
    if (Math.abs(time - now) < 6 * 86_400_000) return weekday.format(time)
    const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear()
    return (sameYear ? date : dateYear).format(time)
  }

  const numbers: Numbers = {
    language,
    percent: (fraction, decimals = 2) => (isMissing(fraction) ? missing : `${fixed(fraction * 100, decimals)}${nbsp}%`),
    percentValue: (fraction, decimals = 2) => (isMissing(fraction) ? missing : fixed(fraction * 100, decimals)),
    meanStd(mean, std, decimals = 2) {
      if (isMissing(mean)) return missing
      if (isMissing(std)) return numbers.percent(mean, decimals)
      return `${fixed(mean * 100, decimals)}${nbsp}±${nbsp}${fixed(std * 100, decimals)}${nbsp}%`
    },
    tolerance: (fraction, decimals = 2) =>
      isMissing(fraction) ? missing : `±${nbsp}${fixed(fraction * 100, decimals)}`,
    difference(fraction, decimals = 2) {
      if (isMissing(fraction)) return missing
      const text = fixed(fraction * 100, decimals)
      const sign = fraction > 0 && Number(text) !== 0 ? '+' : ''
      return `${sign}${text}${nbsp}${language === 'zh' ? '个百分点' : 'pp'}`
    },
    loss(value) {
      if (isMissing(value)) return missing
      if (value === 0) return '0'
      if (Math.abs(value) < 1e-3) return scientific(value, 2)
      if (Math.abs(value) >= 1e4) return scientific(value, 4)
      return fixed(value, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))))
    },
    rate(value) {
      if (isMissing(value)) return missing
      if (value !== 0 && Math.abs(value) < 1e-3) return scientific(value, 3).replace(/\.?0+e/, 'e')
      return String(Number(value.toPrecision(4)))
    },
    count: (value) => (isMissing(value) ? missing : whole.format(value)),
    countShort(value) {
      if (isMissing(value)) return missing
      const billions = Math.abs(value) >= 1e9
      // 853,018 counts as 0.85 M: close to a million, millions read better.
      if (Math.abs(value) < 1e5) return whole.format(value)
      const scaled = value / (billions ? 1e9 : 1e6)
      const decimals = Math.abs(scaled) < 10 ? 2 : Math.abs(scaled) < 100 ? 1 : 0
      return `${fixed(scaled, decimals)}${nbsp}${billions ? 'G' : 'M'}`
    },
    duration(seconds, options = {}) {
      if (isMissing(seconds)) return missing
      const about = options.about ? unit.about : ''
      const total = Math.max(0, seconds)
      if (total < 59.5) return `${about}${Math.round(total)}${unit.gap}${unit.second}`
      const parts = (big: number, bigName: string, small: number, smallName: string) =>
        `${about}${whole.format(big)}${unit.gap}${bigName}${small > 0 ? ` ${small}${unit.gap}${smallName}` : ''}`
      if (total < 3570) {
        const rounded = total < 600 ? Math.round(total) : Math.round(total / 60) * 60
        return parts(Math.floor(rounded / 60), unit.minute, rounded % 60, unit.second)
      }
      const minutes = Math.round(total / 60)
      if (minutes < 24 * 60) return parts(Math.floor(minutes / 60), unit.hour, minutes % 60, unit.minute)
      const hours = Math.round(total / 3600)
      return parts(Math.floor(hours / 24), unit.day, hours % 24, unit.hour)
    },
    speed(perSecond) {
      if (isMissing(perSecond)) return missing
      if (Math.abs(perSecond) >= 1000) return whole.format(Number(perSecond.toPrecision(4)))
      return String(Number(perSecond.toPrecision(4)))
    },
    milliseconds(seconds) {
      if (isMissing(seconds)) return missing
      const ms = seconds * 1000
      return `${ms >= 10 ? whole.format(ms) : String(Number(ms.toPrecision(2)))}${nbsp}ms`
    },
    bytes(value) {
      if (isMissing(value)) return missing
      const { divisor, unit: name, decimals } = byteScale(value)
      return `${fixed(value / divisor, decimals)}${nbsp}${name}`
    },
    bytesOf(value, total) {
      if (isMissing(value) || isMissing(total)) return missing
      const { divisor, unit: name, decimals } = byteScale(total)
      const [part, all] = [fixed(value / divisor, decimals), fixed(total / divisor, decimals)]
      return language === 'zh' ? `${part}${nbsp}/${nbsp}${all}${nbsp}${name}` : `${part} of ${all}${nbsp}${name}`
    },
    // A bar that is not full never says 100 %.
    progress: (fraction) =>
      isMissing(fraction) ? missing : `${fraction >= 1 ? 100 : Math.min(99, Math.floor(fraction * 100))}${nbsp}%`,
    confidence(fraction) {
      if (isMissing(fraction)) return missing
      return `${fraction < 1 ? fixed(Math.min(99.9, fraction * 100), 1) : '100.0'}${nbsp}%`
    },
    when(time, now = Date.now()) {
      if (isMissing(time)) return missing
      const seconds = (time - now) / 1000
      if (Math.abs(seconds) < 45) return relative.format(0, 'second')
      if (Math.abs(seconds) < 3570) return relative.format(Math.round(seconds / 60), 'minute')
      if (Math.abs(seconds) < 86_400) return relative.format(Math.round(seconds / 3600), 'hour')
      return day(time, now)
    },
    clock(time, now = Date.now()) {
      if (isMissing(time)) return missing
      const sameDay = new Date(time).toDateString() === new Date(now).toDateString()
      if (sameDay) return hourMinute.format(time)
      return day(time, now)
    },
  }
  return numbers
}

const byLanguage: Record<Language, Numbers> = { en: writers('en'), zh: writers('zh') }

/** The writers of a language. */
export function numbersFor(language: Language): Numbers {
  return byLanguage[language]
}
