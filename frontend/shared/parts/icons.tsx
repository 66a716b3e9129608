/** The icon set: 24 px, 1.75 px stroke, round joins; always beside a label or inside a labelled button. */
import type { ComponentChildren } from 'preact'

export function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
      {children}
    </svg>
  )
}

export const CrossIcon = () => <Icon><path d="M6 6l12 12M18 6L6 18" /></Icon>
export const CardIcon = () => <Icon><rect x="3" y="5.5" width="18" height="13" rx="2.5" /><path d="M3 14.5c3-2.5 6 1 9-.5s5-2 9-.5" /></Icon>
export const ReceiptIcon = () => <Icon><path d="M6 3.5h12v17l-2.4-1.5-1.8 1.5L12 19l-1.8 1.5L8.4 19 6 20.5z" /><path d="M9.5 8.5h5M9.5 12.5h5" /></Icon>
export const PartnersIcon = () => <Icon><path d="M4 10v10h16V10" /><path d="M3 10l2-6h14l2 6c0 1.5-1.3 2.5-3 2.5S15 11.5 15 10c0 1.5-1.3 2.5-3 2.5S9 11.5 9 10c0 1.5-1.3 2.5-3 2.5S3 11.5 3 10z" /><path d="M10 20v-4h4v4" /></Icon>
export const ProfileIcon = () => <Icon><circle cx="12" cy="8" r="4" /><path d="M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6" /></Icon>
export const HotelIcon = () => <Icon><path d="M3 19.5v-13M3 16h18v3.5M21 16v-2.5a3 3 0 0 0-3-3h-7V16" /><circle cx="7" cy="11.5" r="2" /></Icon>
export const EyeIcon = () => <Icon><path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" /><circle cx="12" cy="12" r="3" /></Icon>
export const EyeOffIcon = () => <Icon><path d="M4 4l16 16M9.9 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7M6.3 7.5A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.2-1M10 10a3 3 0 0 0 4.1 4.2" /></Icon>
export const QrIcon = () => <Icon><rect x="4" y="4" width="6" height="6" rx="1" /><rect x="14" y="4" width="6" height="6" rx="1" /><rect x="4" y="14" width="6" height="6" rx="1" /><path d="M14 14h2.5v2.5M20 14v.01M14 20h.01M17 20h3v-3" /></Icon>
export const TickIcon = () => <Icon><path d="M5 12.5l4.5 4.5L19 7.5" /></Icon>
export const DashIcon = () => <Icon><path d="M6 12h12" /></Icon>
export const ChevronIcon = () => <Icon><path d="M9.5 6l6 6-6 6" /></Icon>
export const BackIcon = () => <Icon><path d="M14.5 6l-6 6 6 6" /></Icon>
export const ReturnIcon = () => <Icon><path d="M8 5L4 9l4 4" /><path d="M4 9h10a6 6 0 0 1 0 12h-3" /></Icon>
export const CloudOffIcon = () => <Icon><path d="M4 4l16 16M8 7.2A6 6 0 0 1 17.6 10a4.3 4.3 0 0 1 2.6 7M16.5 18.5H7a4.3 4.3 0 0 1-1-8.4" /></Icon>
