/** The mark: a highlighted line over a learning curve. */
export function BrandMark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <rect x="0.5" y="0.5" width="19" height="19" rx="5" fill="var(--ink)" />
      <rect x="3.5" y="5" width="13" height="4.4" rx="1" fill="var(--brand-highlight)" />
      <path
        d="M3.8 15h3.4c1.6 0 1.7-7.8 4-7.8h5"
        fill="none"
        stroke="var(--surface)"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
    </svg>
  )
}
