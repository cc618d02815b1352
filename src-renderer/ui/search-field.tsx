import { Search } from 'lucide-react'
import { TextField, type TextFieldProps } from './text-field.tsx'

export interface SearchFieldProps extends Omit<TextFieldProps, 'type' | 'icon' | 'quiet' | 'placeholder'> {
  /** What can be searched for: the placeholder and the accessible name. */
  label: string
}

/** A field that filters what its screen shows; Ctrl F and / go to it. */
export function SearchField({ label, ...rest }: SearchFieldProps) {
  return (
    <TextField
      {...rest}
      quiet
      type="search"
      icon={<Search size={14} aria-hidden />}
      placeholder={label}
      aria-label={label}
    />
  )
}
